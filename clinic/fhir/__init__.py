"""A lead in the words of FHIR R4, for the other systems of a clinic."""
