/** Type tokens, aliases included: a rule that knows only one of two names for a bucket passes the other by accident. */

export const DROPLET = ["digitalocean:index/droplet:Droplet"] as const;
