/** What stands in the memory that the writer's thread and the one that writes its log back share. */
export const idle = 0
export const checkpointing = 1
export const over = 2
