import { z } from 'zod';

/** A place in a query string: `lat,lon` in degrees. */
export const coordinates = z.string().regex(/^-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?$/, 'must be lat,lon in degrees, such as 42.36,-71.06').transform((text) => {
  const [latitude, longitude] = text.split(',').map(Number);
  return { latitude: latitude ?? 0, longitude: longitude ?? 0 };
}).refine(({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, 'latitude is at most 90, longitude at most 180 degrees');
