#pragma once

// The runner of schema files: forward only, one idempotent statement each.

#include "absl/status/status.h"
#include "common/mysql/database.h"

namespace tributary::mysql {

// Brings the component to its newest file and writes each file into the table schema_version. Components of one
// database schema (a service's own and those of the parts that it uses) have numbers of their own.
// Many may run it at once: a row lock, held on one connection while the DDL (which ends transactions and with them
// locks) runs on another, lets one work and the rest wait. Refused with STATE_CONFLICT: a file that was applied and has
// changed since; a new file whose number lies below one that was applied; two files of one number. Rows of files that
// this program does not have belong to a newer release and are fine.
absl::Status RunSchema(const Options& options, const Schema& schema);

}  // namespace tributary::mysql
