import { AtSign } from 'lucide-react'
import { Alert } from '../shared/ui/alert.tsx'
import { Button } from '../shared/ui/button.tsx'
import { Card } from '../shared/ui/card.tsx'
import { EmptyState, ErrorState, Loading } from '../shared/ui/states.tsx'

export function Messages() {
  return (
    <>
      <Card title="Alertes">
        <div className="stack">
          <Alert>Le changement de mot de passe déconnecte les autres appareils.</Alert>
          <Alert kind="success" title="Adresse confirmée">
            Elle servira si vous oubliez votre mot de passe.
          </Alert>
          <Alert kind="warning" action={<Button small>Vider la corbeille</Button>}>
            Votre boîte est pleine à 84 %.
          </Alert>
          <Alert kind="danger" title="Envoi bloqué jusqu’à 11:42">
            La limite de 300 messages par heure est atteinte. <a href="/_ui/">En savoir plus</a>
          </Alert>
        </div>
      </Card>
      <div className="tiles">
        <Card>
          <EmptyState icon={AtSign} title="Aucun alias" action={<Button kind="primary">Créer un alias</Button>}>
            Un alias reçoit le courrier d’une autre adresse dans cette boîte.
          </EmptyState>
        </Card>
        <Card>
          <ErrorState
            problem={{ message: 'Le service ne répond pas. Vérifiez votre connexion, puis réessayez.' }}
            retry={() => undefined}
          />
        </Card>
        <Card title="Chargement">
          <Loading lines={5} />
        </Card>
      </div>
    </>
  )
}
