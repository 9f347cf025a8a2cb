import { Get } from '@nestjs/common';
import { PublicRoute, RouteCensus } from '@slotmesh/security';
import { FhirPages } from './fhir-pages';
import { FHIR_ROOT, FhirController } from './fhir-route';
import { type CapabilityStatement, capabilityOf } from './resources/capability-statement';

@FhirController('')
export class FhirMetadataController {
  constructor(private readonly census: RouteCensus, private readonly pages: FhirPages) {}

  /** The CapabilityStatement: types, interactions, search parameters and operations, as the routes have them. */
  @Get('metadata')
  @PublicRoute('FHIR clients read it before they sign in; it names no practice and no person')
  read(): CapabilityStatement {
    return capabilityOf(this.census.routes(), FHIR_ROOT, this.pages.base);
  }
}
