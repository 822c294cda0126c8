import { Download, Ellipsis, Mail, Pencil, Plus, RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, ButtonLink, IconButton } from '../shared/ui/button.tsx'
import { Card } from '../shared/ui/card.tsx'
import { ConfirmDialog, Dialog } from '../shared/ui/dialog.tsx'
import { Menu } from '../shared/ui/menu.tsx'
import { Stepper } from '../shared/ui/stepper.tsx'
import { Tabs } from '../shared/ui/tabs.tsx'
import { showToast } from '../shared/ui/toast.tsx'

export function Actions() {
  const [open, setOpen] = useState<'dialog' | 'confirm' | null>(null)
  const [tab, setTab] = useState<'general' | 'limits' | 'dns'>('general')
  return (
    <>
      <Card title="Boutons" description="Un seul bouton principal par page ou par carte.">
        <div className="stack">
          <div className="row">
            <Button kind="primary" icon={Plus}>
              Créer une boîte
            </Button>
            <Button icon={Download}>Télécharger</Button>
            <Button kind="danger">Supprimer</Button>
            <Button kind="danger-quiet" icon={Trash2}>
              Supprimer
            </Button>
            <Button kind="quiet">Annuler</Button>
            <ButtonLink href="/_ui/">Un lien</ButtonLink>
          </div>
          <div className="row">
            <Button kind="primary" busy>
              Enregistrement
            </Button>
            <Button busy icon={RotateCw}>
              Vérification
            </Button>
            <Button kind="primary" disabled>
              Indisponible
            </Button>
            <Button disabled>Indisponible</Button>
            <Button small icon={Pencil}>
              Petit
            </Button>
            <Button small kind="primary">
              Petit
            </Button>
            <IconButton icon={Pencil} label="Modifier" />
            <IconButton icon={Ellipsis} label="Plus" small kind="secondary" />
          </div>
        </div>
      </Card>
      <Card title="Dialogues, menus, messages">
        <div className="row">
          <Button id="open-dialog" onClick={() => setOpen('dialog')}>
            Ouvrir un dialogue
          </Button>
          <Button id="open-confirm" onClick={() => setOpen('confirm')}>
            Confirmer
          </Button>
          <Menu
            label="Actions"
            items={[
              { label: 'Modifier', icon: Pencil },
              { label: 'Envoyer le lien', icon: Mail },
              { label: 'Indisponible', disabled: true },
              'separator',
              { label: 'Supprimer', icon: Trash2, danger: true },
            ]}
          />
          <Button id="toast" onClick={() => showToast({ text: 'Modifications enregistrées.' })}>
            Message
          </Button>
          <Button
            id="toast-danger"
            onClick={() =>
              showToast({
                kind: 'danger',
                text: 'Le service ne répond pas. Vérifiez votre connexion, puis réessayez.',
                action: { label: 'Réessayer', onSelect: () => undefined },
              })
            }
          >
            Message d’erreur
          </Button>
        </div>
        <Dialog
          open={open === 'dialog'}
          onClose={() => setOpen(null)}
          title="Envoyer un nouveau lien"
          description={<p>L’ancien lien cessera de fonctionner. Le nouveau est valable 7 jours.</p>}
          footer={
            <>
              <Button onClick={() => setOpen(null)}>Annuler</Button>
              <Button kind="primary" onClick={() => setOpen(null)}>
                Envoyer le lien
              </Button>
            </>
          }
        />
        <ConfirmDialog
          open={open === 'confirm'}
          onClose={() => setOpen(null)}
          title="Supprimer alice@example.org ?"
          confirm="Supprimer la boîte"
          danger
          typeToConfirm="alice@example.org"
          onConfirm={() => Promise.resolve()}
        >
          <p>Ses 1 234 messages seront effacés dans 30 jours. D’ici là, la boîte peut être rétablie.</p>
        </ConfirmDialog>
      </Card>
      <Card title="Onglets et étapes">
        <div className="stack loose">
          <Tabs
            label="Domaine"
            value={tab}
            onChange={setTab}
            tabs={[
              { value: 'general', label: 'Général', content: <p>Les réglages du domaine.</p> },
              { value: 'limits', label: 'Limites d’envoi', content: <p>300 messages par heure.</p> },
              { value: 'dns', label: 'DNS', content: <p>Les enregistrements attendus.</p> },
            ]}
          />
          <Stepper steps={['Fichier', 'Vérification', 'Création']} current={1} />
        </div>
      </Card>
    </>
  )
}
