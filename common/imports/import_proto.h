#pragma once

// Imports on the wire.

#include "absl/status/status.h"
#include "common/imports/import.h"
#include "tributary/api/v1/import.pb.h"

namespace tributary::imports {

api::v1::Import ToProto(const Import& import);
api::v1::RowError ToProto(const RowError& error);
RowError FromProto(const api::v1::RowError& error);
// The answer of a BatchImport method.
void ToProto(const BatchResult& result, api::v1::BatchImportResponse* reply);

}  // namespace tributary::imports
