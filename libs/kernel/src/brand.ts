/** A value of type T that only a parser or a constructor of this kind hands out, so that two ids are never confused. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
