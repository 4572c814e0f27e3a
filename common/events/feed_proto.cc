#include "common/events/feed_proto.h"

#include <string>
#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"

namespace tributary::events {
namespace {

constexpr std::string_view kTypePrefix = "type.googleapis.com/";

}  // namespace

void ToProto(const Cursor& cursor, v1::Cursor* wire) {
  wire->set_shard(cursor.shard);
  wire->set_seq(cursor.seq);
}

void ToProto(const Event& event, v1::Event* out) {
  ToProto(event.cursor, out->mutable_cursor());
  *out->mutable_record_time() = wire::ToProto(event.recorded_at);
  out->set_verb(event.verb);
  out->set_name(event.name);
  out->mutable_payload()->set_type_url(StrCat(kTypePrefix, event.type));
  out->mutable_payload()->set_value(event.payload);
}

absl::StatusOr<Cursor> FromProto(const v1::Cursor& wire) {
  if (wire.shard() < 0 || wire.shard() >= kShards || wire.seq() < 0) {
    return Error(Reason::kInternal, StrCat("got cursor (", wire.shard(), ", ", wire.seq(), "), want a shard from 0 to ",
                                           kShards - 1, " and a number not below 0"));
  }
  return Cursor{wire.shard(), wire.seq()};
}

absl::StatusOr<Event> FromProto(v1::Event in) {
  Event event;
  ASSIGN_OR_RETURN(event.cursor, FromProto(in.cursor()));
  event.recorded_at = wire::FromProto(in.record_time());
  event.verb = std::move(*in.mutable_verb());
  event.name = std::move(*in.mutable_name());
  const std::string& url = in.payload().type_url();
  event.type = url.substr(url.rfind('/') + 1);
  if (event.type.empty()) {
    return Error(Reason::kInternal, StrCat("got event ", event.cursor.seq, " of shard ", event.cursor.shard,
                                           " without a type, want a payload with a type_url"));
  }
  event.payload = std::move(*in.mutable_payload()->mutable_value());
  return event;
}

}  // namespace tributary::events
