/** A mistake of the user or of the machine: shown as its message alone, without a stack trace; exit code 2. */
export class UserError extends Error {
  override readonly name = "UserError";
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
