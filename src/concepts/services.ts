/** The guide's services. Its drawing has six, its list five: "Translation" is in the drawing only. */
export const SERVICES = ["user", "property", "booking", "payment", "notification", "translation"] as const;
export type Service = (typeof SERVICES)[number];
