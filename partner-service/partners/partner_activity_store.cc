#include "partner-service/partners/partner_activity_store.h"

#include "common/status/status.h"
#include "partner-service/tier_assignments/tier_review_store.h"

namespace tributary::partner {

absl::Status PartnerActivityStore::Record(mysql::Transaction& sql, const Partner& partner, absl::Time now) const {
  if (partner.state == PartnerState::kActive) {
    RETURN_IF_ERROR(
        sql.Execute("INSERT INTO partner_activity (partner_uid, start_time) VALUES (?, ?)", {partner.revision.uid, now})
            .status());
  } else {
    RETURN_IF_ERROR(sql.Execute("UPDATE partner_activity SET end_time = ? WHERE partner_uid = ? AND end_time IS NULL",
                                {now, partner.revision.uid})
                        .status());
  }
  return TierReviewStore().Begin(sql, partner.id);
}

absl::Status PartnerActivityStore::Resume(mysql::Transaction& sql, const Partner& partner,
                                          absl::Time merge_time) const {
  RETURN_IF_ERROR(sql.Execute("UPDATE partner_activity SET end_time = NULL WHERE partner_uid = ? AND end_time = ?",
                              {partner.revision.uid, merge_time})
                      .status());
  return TierReviewStore().Begin(sql, partner.id);
}

absl::StatusOr<std::vector<ActiveSpan>> PartnerActivityStore::SpansOf(mysql::Transaction& sql,
                                                                      const Partner& partner) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT start_time, end_time FROM partner_activity WHERE partner_uid = ? ORDER BY start_time",
                {partner.revision.uid}));
  std::vector<ActiveSpan> spans;
  for (const mysql::Row& row : rows) {
    ActiveSpan& span = spans.emplace_back(ActiveSpan{.start = row.Instant(0)});
    if (!row.IsNull(1)) span.end = row.Instant(1);
  }
  return spans;
}

}  // namespace tributary::partner
