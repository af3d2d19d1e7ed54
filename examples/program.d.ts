/** What Node 26 knows of a module, and the types of Node 20 do not. */
interface ImportMeta {
  /** Whether this module is the program that was started. */
  readonly main: boolean;
}
