declare const name: unique symbol;

/**
 * An id of one kind. Two kinds are strings both, but the compiler takes neither for the other; a plain string, as it
 * comes in over HTTP or in a job, is taken for any of them. Nothing of this exists when the program runs.
 *
 * ```ts
 * type BookId = Id<'BookId'>;
 * const bookId: BookId = request.params.id;  // a plain string
 * const shelfId: Id<'ShelfId'> = bookId;     // does not compile
 * ```
 */
export type Id<Name extends string> = string & { readonly [name]?: Name };
