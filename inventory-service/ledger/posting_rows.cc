#include "inventory-service/ledger/posting_rows.h"

#include <string>

#include "common/status/status.h"

namespace tributary::inventory {

PostingRows::PostingRows(absl::Span<const Posting> postings)
    : postings_("stock_posting", "partner, product, n, lot, from_place, to_place, quantity, effective_date, cause", 9),
      serials_("serial_posting",
               "product, serial, n, partner, lot, from_place, to_place, is_back, effective_date, cause", 10) {
  postings_.Reserve(postings.size());
  for (size_t i = 0; i < postings.size(); ++i) {
    const Posting& posting = postings[i];
    mysql::Values& values = *postings_.values();
    values.insert(values.end(), {posting.partner, posting.product, posting.n, posting.lot, posting.from, posting.to,
                                 posting.quantity, posting.effective_date, posting.cause});
    postings_.EndRow();
    for (const std::string& serial : posting.serials) {
      mysql::Values& units = *serials_.values();
      units.insert(units.end(), {posting.product, serial, posting.n, posting.partner, posting.lot, posting.from,
                                 posting.to, posting.quantity.negative(), posting.effective_date, posting.cause});
      serials_.EndRow();
      posting_of_.push_back(i);
    }
  }
  postings_.End();
  serials_.End();
}

absl::Status PostingRows::BindAhead(mysql::Transaction& sql) {
  RETURN_IF_ERROR(serials_.BindAhead(sql));
  return postings_.BindAhead(sql);
}

absl::Status PostingRows::Insert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) {
  std::vector<events::Stamp> of_serials;
  of_serials.reserve(posting_of_.size());
  for (const size_t posting : posting_of_) of_serials.push_back(stamps[posting]);
  RETURN_IF_ERROR(serials_.Insert(sql, of_serials));
  return postings_.Insert(sql, stamps);
}

}  // namespace tributary::inventory
