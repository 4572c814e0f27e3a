#include "inventory-service/on_hand/on_hand_report_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/on_hand/on_hand_report_proto.h"

namespace tributary::inventory {

void OnHandReportService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.OnHandReportService", this)
      .Unary("GetOnHandReport", &OnHandReportService::Get)
      .Unary("ListOnHandReports", &OnHandReportService::List);
}

absl::Status OnHandReportService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetOnHandReportRequest& request,
                                      v1::OnHandReport* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/onHandReports/{on_hand_report}"));
  const std::optional<SaleId> id = ParseSaleSegment(ids[1]);
  if (!id.has_value()) return NotFound(request.name());
  ASSIGN_OR_RETURN(const OnHandReport report, store_.Get(unit.sql(), ids[0], *id));
  *reply = ToProto(report);
  return absl::OkStatus();
}

absl::Status OnHandReportService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListOnHandReportsRequest& request,
                                       v1::ListOnHandReportsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, OnHandReportStore::Fields(), request.parent()));
  SaleId after;
  if (!page.first()) {
    const std::optional<SaleId> last = ParseSaleSegment(page.after(1));
    if (!last.has_value()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *last;
  }
  ASSIGN_OR_RETURN(std::vector<OnHandReport> reports,
                   store_.List(unit.sql(), partner, page.after(0), after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&reports, [](const OnHandReport& last) {
    return std::vector{last.partner, SaleSegment(last.document, last.line, last.generation)};
  }));
  for (const OnHandReport& report : reports) *reply->add_on_hand_reports() = ToProto(report);
  return absl::OkStatus();
}

events::RowSource OnHandReportService::Source() const {
  return store_.table().Source(v1::OnHandReport::descriptor()->full_name(),
                               [](const OnHandReport& report, events::Event* event) {
                                 event->name = NameOf(report);
                                 event->payload = ToProto(report).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
