import { describe, expect, it } from 'vitest'
import { mailboxOfFolder } from './maildir-name.ts'

describe('a folder of a Maildir is the mailbox', () => {
  it.each([
    ['.Sent.2024', 'Sent/2024'],
    ['Sent', 'Sent'],
    ['a.b', 'a.b'],
    ['.R&AOk-union', 'Réunion'],
    ['.Été', 'Été'],
    ['.R&-D', 'R&D'],
    ['.R&D', 'R&D'],
    // As Dovecot 2.3 with listescape made them.
    ['.a\\2eb', 'a.b'],
    ['.A.x\\2ey', 'A/x.y'],
    ['.&AOk-t&AOk-\\2eb', 'été.b'],
    ['.\\7etilde', '~tilde'],
    ['.back\\5cslash', 'back\\slash'],
    ['.a\\5c2eb', 'a\\2eb'],
    ['.x\\2Fy', 'x_y'],
    ['\\7etilde', '~tilde'],
    // And without it.
    ['.back\\slash', 'back\\slash'],
    ['.back\\slash\\2e', 'back\\slash\\2e'],
    // As Courier does.
    ['.v1&AC4-2.&AOkALg-', 'v1.2/é.'],
    ['.a&AC8-b', 'a_b'],
    ['.20 % *off*', '20 _ _off_'],
    ['.a..b.', 'a/b'],
    ['...', '...'],
    ['.half&AO', 'half&AO'],
    ['.&2D0-', '&2D0-'],
  ])('%s: %s', (folder, mailbox) => expect(mailboxOfFolder(folder)).toBe(mailbox))
})
