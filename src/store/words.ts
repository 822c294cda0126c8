/** Words that the engines spell differently. What orders writers says nothing on SQLite, where there is one. */
import { Fragment } from './sql.ts'

/** Behind a SELECT: its rows stay as they were read until the transaction ends. */
export const keepRows = new Fragment('', 'FOR UPDATE')
/** The same, without those that another transaction is at. */
export const keepFreeRows = new Fragment('', 'FOR UPDATE SKIP LOCKED')
/** Behind a SELECT: its rows are not removed until the transaction ends. Any number of transactions may ask for that. */
export const keepFromRemoval = new Fragment('', 'FOR KEY SHARE')

/** `${positionIn}(text, part)`, from 1; 0 where it is not in it. */
export const positionIn = new Fragment('instr', 'strpos')

/**
 * Behind an INSERT into `blob_released`. Where the row is there it is written again, so that a sweep that is about to
 * remove it waits for what this transaction lets go of.
 */
export const stayReleased = new Fragment(
  'ON CONFLICT (blob_seq, account_id) DO NOTHING',
  'ON CONFLICT (blob_seq, account_id) DO UPDATE SET account_id = excluded.account_id',
)
