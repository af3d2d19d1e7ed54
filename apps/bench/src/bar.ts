export interface Finding {
  readonly found: string;
  /** Absent for a figure that stands beside a bar and has none. */
  readonly met?: boolean;
}

/** What is held to, and how it is measured. */
export interface Bar {
  readonly what: string;
  readonly bar: string;
  measure(): Finding | Promise<Finding>;
}
