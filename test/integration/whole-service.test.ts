import { wholeService } from './fixtures/whole-service.ts'

wholeService(async () => ({}))
