// Opens a picture in the browser and makes it small enough to send.

import { FAILURES } from "./strings.js";

/** Longer side, in pixels, and quality of the JPEG that is sent in place of a larger picture. */
const LONGEST_SIDE = 3000;
const QUALITY = 0.9;
/** Kinds of files that are sent as they are if they are small enough, and their greatest size in bytes. */
const PLAIN = ["image/jpeg", "image/png", "image/webp"];
const MOST_BYTES = 8_000_000;

/**
 * A photo: `image` to draw (upright: its EXIF orientation is applied), its `width` and `height`, and the `blob` to send.
 * The server's coordinates are pixels of `image`, because the blob has the same size once it is upright.
 */
export async function openPhoto(file) {
  const full = await decoded(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(full.width, full.height));
  if (scale === 1 && PLAIN.includes(file.type) && file.size <= MOST_BYTES) return photoOf(full, file);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(full.width * scale);
  canvas.height = Math.round(full.height * scale);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white"; // for pictures that are transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(full, 0, 0, canvas.width, canvas.height);
  full.close?.();
  return photoOf(canvas, await jpegOf(canvas, QUALITY));
}

/** A photo of what a canvas shows, such as a frame of the camera. */
export const photoOf = (image, blob) => ({ image, blob, width: image.width, height: image.height });

export function jpegOf(canvas, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(FAILURES.notAPicture))), "image/jpeg", quality);
  });
}

/** The picture among what was pasted or dropped, if any. */
export const pictureIn = (transfer) =>
  [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/") || /\.(heic|heif|tiff?)$/i.test(file.name));

/** The decoded picture, upright. Some browsers open kinds of pictures in an <img> that `createImageBitmap` refuses. */
async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    try {
      await image.decode();
      return image;
    } catch {
      throw new Error(FAILURES.notAPicture);
    } finally {
      URL.revokeObjectURL(image.src);
    }
  }
}
