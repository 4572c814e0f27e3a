#include "partner-service/announcements/announcement_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/scopes/region_tree.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/announcements/announcement_proto.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "announcements/{announcement}";
constexpr std::string_view kLevel = "partnerPrograms/{partner_program}/levels/{level}";

absl::StatusOr<std::string> IdOf(std::string_view name, std::string_view field = "name") {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, kPattern, field));
  return std::move(ids.front());
}

}  // namespace

void AnnouncementService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.AnnouncementService", this)
      .Unary("GetAnnouncement", &AnnouncementService::Get)
      .Unary("ListAnnouncements", &AnnouncementService::List)
      .Unary("ListPartnerAnnouncements", &AnnouncementService::ListForPartner)
      .Unary("ListAnnouncementReceipts", &AnnouncementService::ListReceipts)
      .Unary("CreateAnnouncement", &AnnouncementService::Create)
      .Unary("PublishAnnouncement", &AnnouncementService::Publish)
      .Unary("WithdrawAnnouncement", &AnnouncementService::Withdraw)
      .Unary("AcknowledgeAnnouncement", &AnnouncementService::Acknowledge);
}

template <typename Request>
absl::StatusOr<Announcement> AnnouncementService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(Announcement announcement, announcements_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(announcement.name(), request.etag(), announcement.revision.version));
  return announcement;
}

absl::Status AnnouncementService::CheckAudience(rpc::Unit& unit, const Audience& audience) const {
  std::vector<FieldViolation> violations;
  const auto blame = [&violations](std::string_view list, size_t i, const std::string& got, std::string_view want) {
    violations.push_back({StrCat("announcement.audience.", list, "[", i, "]"), got, std::string(want)});
  };
  for (size_t i = 0; i < audience.partners.size(); ++i) {
    const auto partner = partners_.Get(unit.sql(), PartnerOf(audience.partners[i]));
    if (ReasonOf(partner.status()) == Reason::kNotFound) {
      blame("partners", i, audience.partners[i], "a partner that there is");
    } else if (!partner.ok()) {
      return partner.status();
    }
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), audience.regions));
  for (size_t i = 0; i < audience.regions.size(); ++i) {
    if (std::find(missing.begin(), missing.end(), audience.regions[i]) == missing.end()) continue;
    blame("regions", i, audience.regions[i], "a region that is in use");
  }
  for (size_t i = 0; i < audience.levels.size(); ++i) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(audience.levels[i], kLevel));
    const auto program = programs_.Get(unit.sql(), ids[0]);
    if (!program.ok() && ReasonOf(program.status()) != Reason::kNotFound) return program.status();
    if (!program.ok() || RankOf(*program, ids[1]) == 0) blame("levels", i, audience.levels[i], "a level of a program");
  }
  for (size_t i = 0; i < audience.channels.size(); ++i) {
    ASSIGN_OR_RETURN(const bool there, channels_.Hold(unit.sql(), audience.channels[i]));
    if (!there) blame("channels", i, audience.channels[i], "a channel that there is");
  }
  return violations.empty() ? absl::OkStatus() : UnknownReferences(std::move(violations));
}

absl::StatusOr<Listener> AnnouncementService::ListenerOf(rpc::Unit& unit, const Partner& partner) const {
  Listener listener{.partner = partner.name(), .channel = partner.channel};
  ASSIGN_OR_RETURN(const std::vector<TierAssignment> held, tiers_.Held(unit.sql(), partner.id));
  for (const TierAssignment& tier : held) {
    listener.levels.push_back(StrCat("partnerPrograms/", tier.program_id, "/levels/", tier.level));
  }
  std::string at = partner.home_region;
  while (!at.empty() && listener.lies_in.size() <= static_cast<size_t>(kDeepestRegion)) {
    listener.lies_in.push_back(at);
    v1::Region known;
    if (region_index_.Find(at, &known)) {
      at = known.state() == v1::Region::ACTIVE ? known.parent_region() : "";
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(at, "regions/{region}"));
    const auto region = regions_.Get(unit.sql(), ids[0]);
    if (ReasonOf(region.status()) == Reason::kNotFound) break;
    RETURN_IF_ERROR(region.status());
    at = region->state == RegionState::kActive ? region->parent_region : "";
  }
  return listener;
}

absl::Status AnnouncementService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetAnnouncementRequest& request,
                                      v1::Announcement* reply) {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(const Announcement announcement, announcements_.Get(unit.sql(), id));
  *reply = ToProto(announcement);
  return absl::OkStatus();
}

absl::Status AnnouncementService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListAnnouncementsRequest& request,
                                       v1::ListAnnouncementsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, AnnouncementStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<Announcement> announcements, announcements_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&announcements, [](const Announcement& last) { return std::vector{last.id}; }));
  for (const Announcement& announcement : announcements) *reply->add_announcements() = ToProto(announcement);
  return absl::OkStatus();
}

absl::Status AnnouncementService::ListForPartner(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::ListPartnerAnnouncementsRequest& request,
                                                 v1::ListPartnerAnnouncementsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  if (partner_id.empty()) return InvalidField("parent", request.parent(), "one partner, partners/{partner}");
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  ASSIGN_OR_RETURN(const Partner partner, partners_.Get(unit.sql(), partner_id));
  ASSIGN_OR_RETURN(const Listener listener, ListenerOf(unit, partner));
  ASSIGN_OR_RETURN(std::vector<Announcement> announcements, announcements_.ListFor(unit.sql(), listener, page));
  reply->set_next_page_token(page.Cut(&announcements, AnnouncementStore::PositionOf));
  ASSIGN_OR_RETURN(const auto acknowledged,
                   announcements_.AcknowledgedBy(unit.sql(), announcements, partner.id, call.identity->subject));
  for (const Announcement& announcement : announcements) {
    v1::PartnerAnnouncement& one = *reply->add_announcements();
    one = ToPartnerProto(announcement);
    const auto time = acknowledged.find(announcement.id);
    if (time != acknowledged.end()) *one.mutable_acknowledge_time() = wire::ToProto(time->second);
  }
  return absl::OkStatus();
}

absl::Status AnnouncementService::ListReceipts(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::ListAnnouncementReceiptsRequest& request,
                                               v1::ListAnnouncementReceiptsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  RETURN_IF_ERROR(announcements_.Get(unit.sql(), id).status());
  ASSIGN_OR_RETURN(std::vector<Receipt> receipts, announcements_.ListReceipts(unit.sql(), id, page));
  reply->set_next_page_token(page.Cut(&receipts, [](const Receipt& last) {
    return std::vector{last.partner_id, last.principal};
  }));
  for (const Receipt& receipt : receipts) *reply->add_receipts() = ToProto(receipt);
  return absl::OkStatus();
}

absl::Status AnnouncementService::Create(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CreateAnnouncementRequest& request, v1::Announcement* reply) {
  Announcement announcement = FromProto(request.announcement());
  RETURN_IF_ERROR(AtField(CheckContent(announcement), "announcement"));
  RETURN_IF_ERROR(CheckAudience(unit, announcement.audience));
  for (std::vector<std::string>* names : {&announcement.audience.channels, &announcement.audience.regions,
                                          &announcement.audience.partners, &announcement.audience.levels}) {
    std::sort(names->begin(), names->end());  // as they are read again
  }
  announcement.revision = Revision::First(call.now);
  announcement.id =
      request.announcement_id().empty() ? announcement.revision.uid.ToString() : request.announcement_id();
  RETURN_IF_ERROR(announcements_.Create(unit.sql(), announcement));
  unit.Emit(Told("created", announcement));
  *reply = ToProto(announcement);
  return absl::OkStatus();
}

absl::Status AnnouncementService::Publish(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::PublishAnnouncementRequest& request, v1::Announcement* reply) {
  ASSIGN_OR_RETURN(const Announcement announcement, Load(unit, request));
  ASSIGN_OR_RETURN(const Announcement published, partner::Publish(announcement, call.now));
  RETURN_IF_ERROR(announcements_.Update(unit.sql(), published));
  unit.Emit(Told("published", published));
  *reply = ToProto(published);
  return absl::OkStatus();
}

absl::Status AnnouncementService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::WithdrawAnnouncementRequest& request, v1::Announcement* reply) {
  ASSIGN_OR_RETURN(const Announcement announcement, Load(unit, request));
  ASSIGN_OR_RETURN(const Announcement withdrawn, partner::Withdraw(announcement, call.now));
  RETURN_IF_ERROR(announcements_.Update(unit.sql(), withdrawn));
  unit.Emit(Told("withdrawn", withdrawn));
  *reply = ToProto(withdrawn);
  return absl::OkStatus();
}

absl::Status AnnouncementService::Acknowledge(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::AcknowledgeAnnouncementRequest& request,
                                              v1::AnnouncementReceipt* reply) {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.partner(), "partners/{partner}", "partner"));
  const auto partner = partners_.Get(unit.sql(), ids[0]);
  if (ReasonOf(partner.status()) == Reason::kNotFound) return NotFound(request.name());
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(const Announcement announcement, announcements_.GetForUpdate(unit.sql(), id));
  ASSIGN_OR_RETURN(const Listener listener, ListenerOf(unit, *partner));
  // What is not shown to the partner is not there for it.
  if (announcement.state != AnnouncementState::kPublished || !IsFor(announcement.audience, listener)) {
    return NotFound(request.name());
  }
  const Receipt receipt{announcement.id, partner->id, call.identity->subject, call.now};
  ASSIGN_OR_RETURN(const Receipt kept, announcements_.Acknowledge(unit.sql(), receipt));
  if (kept.acknowledge_time == call.now) unit.Emit(Told("acknowledged", kept));
  *reply = ToProto(kept);
  return absl::OkStatus();
}

}  // namespace tributary::partner
