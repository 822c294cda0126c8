/** What devices that look for their settings may send. */

/** The form has nothing in it. */
export const DEVICE_FORM_BYTES = 1024
