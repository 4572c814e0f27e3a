#include "partner-service/pages/page.h"

#include "common/ids/resource_name.h"

namespace tributary::partner {

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

ChildKeyset::ChildKeyset(std::string_view partner_id, const Page& page) {
  if (!partner_id.empty()) {
    sql_ = "partner_id = ? AND id > ?";
    values_ = {partner_id, page.after(1)};
  } else if (!page.first()) {
    sql_ = "(partner_id > ? OR (partner_id = ? AND id > ?))";
    values_ = {page.after(0), page.after(0), page.after(1)};
  } else {
    sql_ = "TRUE";
  }
}

}  // namespace tributary::partner
