/** Another stack of this organisation, as Pulumi Cloud names it. */
export interface StackRef {
  organization: string;
  project: string;
  /** For example "mvp". */
  stack: string;
}
