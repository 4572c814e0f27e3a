#include "common/paging/page.h"

#include "common/ids/resource_name.h"

namespace tributary {

absl::StatusOr<Page> Page::Read(const PageTokens& tokens, const rpc::Call& call, int page_size,
                                std::string_view page_token, std::string_view filter,
                                const std::vector<FilterField>& fields, std::string_view bound_to) {
  Page page;
  page.tokens_ = &tokens;
  ASSIGN_OR_RETURN(page.size_, PageSize(page_size));
  ASSIGN_OR_RETURN(page.filter_, ParseFilter(filter, fields));
  page.fingerprint_ = QueryFingerprint({call.method, call.identity->subject, call.identity->partner, bound_to, filter});
  ASSIGN_OR_RETURN(page.after_, tokens.Open(page_token, page.fingerprint_));
  return page;
}

absl::StatusOr<std::string> PartnerToList(const rpc::Call& call, std::string_view parent) {
  if (parent == "partners/-") return call.identity->partner;
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(parent, "partners/{partner}", "parent"));
  return std::move(ids.front());
}

}  // namespace tributary
