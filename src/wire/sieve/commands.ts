/** All commands but `require` and `if`, which the compiler knows itself. */
import { discard, fileinto, keep, redirect, stop } from './actions.ts'
import { addheader, deleteheader } from './edit-header.ts'
import { addflag, removeflag, setflag } from './flags.ts'
import { include, returns } from './include.ts'
import { notify } from './notify.ts'
import type { CommandDefinition } from './program.ts'
import { ereject, reject, vacation } from './replies.ts'
import { global, set } from './variables.ts'
import { error } from './world-tests.ts'

export const commandDefinitions: ReadonlyMap<string, CommandDefinition> = new Map(
  Object.entries({
    keep,
    discard,
    stop,
    fileinto,
    redirect,
    setflag,
    addflag,
    removeflag,
    reject,
    ereject,
    vacation,
    set,
    global,
    include,
    return: returns,
    notify,
    addheader,
    deleteheader,
    error,
  }),
)
