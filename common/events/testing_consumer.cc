#include "common/events/testing_consumer.h"

#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::events {

const mysql::Schema& EffectSchema() {
  static const mysql::Schema schema{
      "effects",
      {{1, "0001_effect.sql",
        "CREATE TABLE IF NOT EXISTS effect (uid BINARY(16) NOT NULL, shard SMALLINT NOT NULL, seq BIGINT NOT NULL, "
        "name VARBINARY(700) NOT NULL, PRIMARY KEY (uid)) ENGINE=InnoDB"}}};
  return schema;
}

absl::Status ApplyEffects(mysql::Transaction& sql, absl::Span<const Event> events, Outbox& outbox) {
  for (const Event& event : events) {
    RETURN_IF_ERROR(sql.Execute("INSERT INTO effect (uid, shard, seq, name) VALUES (?, ?, ?, ?)",
                                {Uuid::New(absl::Now()), event.cursor.shard, event.cursor.seq, event.name}));
    if (event.verb == "poison") return InvalidField("verb", event.verb, "anything else");
    outbox.Add({event.name, "echoed", event.name, event.type, event.payload});
  }
  return absl::OkStatus();
}

}  // namespace tributary::events
