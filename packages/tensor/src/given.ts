/** Lets a field be put on an object that another constructor made. */
export class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the object to put the field on
    return object;
  }
}
