#pragma once

// One page of a list: what a list method asks of its store, and how its answer ends.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/paging/filter.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/status/status.h"

namespace tributary {

// Moved, never copied: the values of its filter look into it.
class Page {
 public:
  // Reads page_size, page_token and filter (where it has one) of a list request. The token is bound to the method, the
  // caller, `bound_to` (the parent, show_deleted: whatever else picks the rows) and the filter. INVALID_FIELD,
  // FILTER_INVALID, PAGE_TOKEN_INVALID.
  template <typename Request>
  static absl::StatusOr<Page> Of(const PageTokens& tokens, const rpc::Call& call, const Request& request,
                                 const std::vector<FilterField>& fields, std::string_view bound_to) {
    std::string_view filter;
    if constexpr (requires { request.filter(); }) filter = request.filter();
    return Read(tokens, call, request.page_size(), request.page_token(), filter, fields, bound_to);
  }

  // Rows to read: one more than the page holds, to see whether another page follows.
  int limit() const { return size_ + 1; }
  const SqlPredicate& filter() const { return filter_; }
  bool first() const { return after_.empty(); }
  // The key of the last row of the page before; column i of it, empty on the first page.
  std::string_view after(size_t i) const {
    return i < after_.size() ? std::string_view(after_[i]) : std::string_view();
  }

  // Cuts `rows` to the page and answers the token of the next one, empty where none follows. `key_of` gives a row's
  // key, column by column.
  template <typename Row, typename KeyOf>
  std::string Cut(std::vector<Row>* rows, KeyOf key_of) const {
    if (rows->size() <= static_cast<size_t>(size_)) return "";
    rows->resize(size_);
    return tokens_->Seal(fingerprint_, key_of(rows->back()));
  }

 private:
  static absl::StatusOr<Page> Read(const PageTokens& tokens, const rpc::Call& call, int page_size,
                                   std::string_view page_token, std::string_view filter,
                                   const std::vector<FilterField>& fields, std::string_view bound_to);

  const PageTokens* tokens_ = nullptr;
  std::string fingerprint_;
  std::vector<std::string> after_;
  int size_ = 0;
  SqlPredicate filter_;
};

// The partner whose rows a list below `parent` ("partners/{partner}" or "partners/-") may show: its id, or empty for
// all. A partner user's "partners/-" means its own.
absl::StatusOr<std::string> PartnerToList(const rpc::Call& call, std::string_view parent);

}  // namespace tributary
