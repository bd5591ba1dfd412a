/** Something that the user can repair: what happened and what to do, shown without a stack trace. */
export class SetUpFailure extends Error {
  override name = 'SetUpFailure';

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(`${what}\n${remedy}`, options);
  }
}
