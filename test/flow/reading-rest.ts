// The REST calls of vCenter that change nothing but their own session.

/** Takes a method, path and query, as the lab's vCenter traces them; what an action does is in the query. */
export function isReadingRest(call: string): boolean {
  return reading.some((one) => one.test(call));
}

const reading = [/^(POST|DELETE) \S+\/session$/, /^GET /, /^POST \S+\?~action=(list|get)(-[a-z-]+)?$/];
