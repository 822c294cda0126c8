/**
 * Whether the web application answers for this path, which is no file of the build: all but names of files.
 *
 * Files lie at the top and in /assets. Further down a dot says nothing: pages are named after domains and addresses.
 */
export function isPageAddress(pathname: string): boolean {
  return !/^\/(?:assets(?:\/|$)|\.|[^/]*\.\w+$)/.test(pathname)
}
