#pragma once

// Events and cursors on the wire.

#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::events {

void ToProto(const Cursor& cursor, v1::Cursor* wire);
void ToProto(const Event& event, v1::Event* wire);

// INTERNAL where the sender breaks the contract: a shard out of range, a payload without a type.
absl::StatusOr<Cursor> FromProto(const v1::Cursor& wire);
absl::StatusOr<Event> FromProto(v1::Event wire);

}  // namespace tributary::events
