#include "inventory-service/ledger/posting_rows.h"

#include <string>

#include "common/status/status.h"

namespace tributary::inventory {

PostingRows::PostingRows(absl::Span<const Posting> postings)
    : postings_("stock_posting", "partner, product, n, lot, from_place, to_place, quantity, effective_date, cause", 9),
      serials_("serial_posting",
               "product, serial, n, partner, lot, from_place, to_place, is_back, effective_date, cause", 10),
      corrections_("count_correction", "because", 1) {
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
    if (posting.because.empty()) continue;
    corrections_.values()->push_back(posting.because);
    corrections_.EndRow();
    corrected_by_.push_back(i);
  }
  postings_.End();
  serials_.End();
  corrections_.End();
}

absl::Status PostingRows::BindAhead(mysql::Transaction& sql) {
  RETURN_IF_ERROR(serials_.BindAhead(sql));
  return postings_.BindAhead(sql);
}

absl::Status PostingRows::Insert(mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) {
  const auto of = [stamps](const std::vector<size_t>& postings) {
    std::vector<events::Stamp> theirs;
    theirs.reserve(postings.size());
    for (const size_t posting : postings) theirs.push_back(stamps[posting]);
    return theirs;
  };
  RETURN_IF_ERROR(serials_.Insert(sql, of(posting_of_)));
  RETURN_IF_ERROR(corrections_.Insert(sql, of(corrected_by_)));
  return postings_.Insert(sql, stamps);
}

}  // namespace tributary::inventory
