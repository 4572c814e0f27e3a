#pragma once

// What every List method does with its request.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/ids/resource_name.h"
#include "common/paging/filter.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

struct ListQuery {
  std::string fingerprint;         // binds the page token to caller and query
  std::vector<std::string> after;  // key of the last row seen; empty for the first page
  SqlPredicate where;
  int limit = 0;  // rows of a page; ask the store for one more, to know whether there is a next page

  // A part of `after`, or `otherwise` on the first page.
  std::string_view After(size_t part, std::string_view otherwise = "") const {
    return part < after.size() ? std::string_view(after[part]) : otherwise;
  }
  // The same as a number; 0 on the first page. (A token of ours cannot hold anything else.)
  int64_t AfterNumber(size_t part) const { return part < after.size() ? std::stoll(after[part]) : 0; }
};

// PAGE_TOKEN_INVALID, FILTER_INVALID or INVALID_FIELD page_size.
template <typename Request>
absl::StatusOr<ListQuery> ReadListQuery(const rpc::Call& call, const PageTokens& tokens, const Request& request,
                                        const std::vector<FilterField>& fields, std::string_view more = {}) {
  std::string parent, filter;
  if constexpr (requires { request.parent(); }) parent = request.parent();
  if constexpr (requires { request.filter(); }) filter = request.filter();
  ListQuery query;
  query.fingerprint = QueryFingerprint({call.method, call.identity->subject, parent, filter, more});
  ASSIGN_OR_RETURN(query.limit, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(query.after, tokens.Open(request.page_token(), query.fingerprint));
  ASSIGN_OR_RETURN(query.where, ParseFilter(filter, fields));
  return query;
}

// Cuts rows read with limit + 1 to a page; the token of the next one, empty on the last.
template <typename Row, typename KeyOf>
std::string CutPage(const ListQuery& query, const PageTokens& tokens, std::vector<Row>* rows, KeyOf key_of) {
  if (rows->size() <= static_cast<size_t>(query.limit)) return {};
  rows->resize(query.limit);
  return tokens.Seal(query.fingerprint, key_of(rows->back()));
}

// The partner that "partners/{partner}" names; nullopt for all, where "partners/-" stands for all that the caller may
// see.
inline absl::StatusOr<std::optional<std::string>> PartnerScope(const rpc::Call& call, std::string_view parent) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(parent, "partners/{partner}", "parent"));
  if (ids.front() != "-") return std::optional<std::string>(std::move(ids.front()));
  if (call.identity->IsPartnerUser()) return std::optional<std::string>(call.identity->partner);
  return std::optional<std::string>();
}

}  // namespace tributary::incentive
