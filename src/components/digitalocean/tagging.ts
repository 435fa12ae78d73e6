import { type DataClass, type NamingContext, tags } from "../../concepts/naming.ts";

/** Tags as DigitalOcean knows them: one list of `key:value`, letters, digits, colons, dashes and underscores only. */
export function tagList(naming: NamingContext, dataClass: DataClass): string[] {
  return Object.entries(tags(naming, dataClass)).map(([key, value]) =>
    `${key}:${value}`.replace(/[^A-Za-z0-9:_-]/g, "-"),
  );
}
