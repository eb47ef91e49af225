/** An absolute URL from a base without a trailing slash, a path, and query parameters, which are encoded here. */
export function toUrl(baseUrl: string, path: string, query: Readonly<Record<string, string>>): string {
  let url = baseUrl + path;
  let mark = '?';
  for (const [name, value] of Object.entries(query)) {
    url += `${mark}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    mark = '&';
  }
  return url;
}
