/**
 * Laravel Forge's API (forge.laravel.com/docs/api-reference, organisation-scoped; the older /api/v1 ended in 2026), as far
 * as a stack needs it. JSON:API answers: `data.id` and `data.attributes`. Only Node's own modules: it runs by itself.
 */
export const FORGE_API = "https://forge.laravel.com/api";

export interface ForgeRecord {
  id: number;
  attributes: Record<string, unknown>;
}

export interface ForgeClientOptions {
  /** Base address, without a slash at the end. */
  api: string;
  organization: string;
  token: string;
  /** Values that no message may show, beside the token. */
  secrets?: readonly string[];
  /** Milliseconds before a request counts as lost. */
  timeout?: number;
  /** Waits; replaced by tests. */
  sleep?: (milliseconds: number) => Promise<void>;
}

/** Forge said no. The message has what was asked, the answer and, where there is one, the reason per field. */
export class ForgeError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** How often a request is tried that Forge refused for its rate (429) or could not answer (5xx on reading). */
const TRIES = 5;
const PAGE_SIZE = 100;

export class ForgeClient {
  private readonly options: ForgeClientOptions;
  readonly sleep: (milliseconds: number) => Promise<void>;

  constructor(options: ForgeClientOptions) {
    this.options = options;
    this.sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /** Every record of a collection, over all its pages. @param path below the organisation, for example "/servers" */
  async list(path: string): Promise<ForgeRecord[]> {
    const records: ForgeRecord[] = [];
    let cursor = "";
    do {
      const query = new URLSearchParams({
        "page[size]": String(PAGE_SIZE),
        ...(cursor ? { "page[cursor]": cursor } : {}),
      });
      const page = await this.send("GET", `${path}?${query.toString()}`);
      for (const item of Array.isArray(page["data"]) ? page["data"] : []) records.push(record(item));
      cursor = text((page["meta"] as Record<string, unknown> | undefined)?.["next_cursor"]);
    } while (cursor !== "");
    return records;
  }

  async get(path: string): Promise<ForgeRecord> {
    return record((await this.send("GET", path))["data"]);
  }

  async create(path: string, body: object): Promise<ForgeRecord> {
    return record((await this.send("POST", path, body))["data"]);
  }

  async put(path: string, body: object): Promise<void> {
    await this.send("PUT", path, body);
  }

  /** What is gone already counts as deleted. */
  async remove(path: string): Promise<void> {
    try {
      await this.send("DELETE", path);
    } catch (error) {
      if (!(error instanceof ForgeError && error.status === 404)) throw error;
    }
  }

  private async send(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.fetchOnce(method, path, body);
      if (response.ok) return parse(await response.text());
      const again = response.status === 429 || (method === "GET" && response.status >= 500);
      if (!again || attempt === TRIES) throw this.refusal(method, path, response.status, await response.text());
      await this.sleep(Number(response.headers.get("retry-after") ?? 2 ** attempt) * 1000);
    }
  }

  private async fetchOnce(method: string, path: string, body?: object): Promise<Response> {
    const { api, organization, token, timeout = 60_000 } = this.options;
    const url = `${api}/orgs/${encodeURIComponent(organization)}${path}`;
    try {
      return await fetch(url, {
        method,
        headers: { Authorization: `Bearer ${token}`, Accept: "application/json", "Content-Type": "application/json" },
        signal: AbortSignal.timeout(timeout),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : "";
      throw new ForgeError(
        0,
        this.hide(`forge: ${method} ${path}: no answer from ${api} (${cause}); run the update again`),
      );
    }
  }

  private refusal(method: string, path: string, status: number, body: string): ForgeError {
    const { message, errors } = parse(body) as { message?: string; errors?: Record<string, string[]> };
    const fields = Object.entries(errors ?? {}).map(([field, reasons]) => `${field}: ${reasons.join(" ")}`);
    const reason = [message ?? body.slice(0, 200), ...fields].filter(Boolean).join("; ");
    return new ForgeError(
      status,
      this.hide(`forge: ${method} ${path.split("?")[0] ?? path} answered ${status}: ${reason}${ADVICE[status] ?? ""}`),
    );
  }

  /** A refused value is repeated in Forge's answer. */
  private hide(message: string): string {
    const hidden = [this.options.token, ...(this.options.secrets ?? [])].filter((value) => value.length > 3);
    return hidden.reduce((result, value) => result.replaceAll(value, "[secret]"), message);
  }
}

const ADVICE: Record<number, string> = {
  401: ". Set a valid token: pulumi config set --secret jatsmanor:forgeToken",
  403: ". The token lacks a permission, or the plan lacks the feature (database backups need Business)",
};

function record(item: unknown): ForgeRecord {
  const { id, attributes } = (item ?? {}) as { id?: string | number; attributes?: Record<string, unknown> };
  if (id === undefined || Number.isNaN(Number(id))) throw new ForgeError(0, "forge: an answer without a numeric id");
  return { id: Number(id), attributes: attributes ?? {} };
}

function parse(body: string): Record<string, unknown> {
  try {
    return (JSON.parse(body) ?? {}) as Record<string, unknown>;
  } catch {
    return {}; // 202 and 204 may have no body; an error page is shown as text
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
