/** Which of the objects with a blob's bytes is the blob's, where it is kept in an object store; null elsewhere. */
export const objects: string[] = ['ALTER TABLE blob ADD COLUMN object TEXT']
