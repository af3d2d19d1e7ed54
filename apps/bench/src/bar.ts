/** What is held to, and how it is measured. */
export interface Bar {
  readonly what: string;
  readonly bar: string;
  measure():
    | { readonly found: string; readonly met: boolean }
    | Promise<{ readonly found: string; readonly met: boolean }>;
}
