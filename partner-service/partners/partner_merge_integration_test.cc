// Merging partners over the wire: what stays, what is refused, what the feed tells, and that undoing restores.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "partner-service/partners/partner_activity_store.h"
#include "partner-service/testing_partners.h"

namespace tributary::partner {
namespace {

class PartnerMergeTest : public PartnersTest {
 protected:
  PartnerMergeTest() {
    for (const char* id : {"p-1", "p-2", "p-3"}) EXPECT_OK(CreatePartner(id, NewPartner(StrCat("Company ", id))));
  }
  absl::StatusOr<v1::Partner> Merge(const std::string& name, const std::string& survivor, const std::string& etag = "",
                                    const std::string& request_id = NewRequestId()) {
    v1::MergePartnerRequest request;
    request.set_name(name);
    request.set_survivor(survivor);
    request.set_reason("the same company");
    request.set_etag(etag);
    request.set_request_id(request_id);
    return Call<v1::Partner>(kPartners, "MergePartner", request);
  }
  absl::StatusOr<v1::Partner> Undo(const std::string& name, const std::string& etag = "") {
    return Do<v1::Partner, v1::UndoMergePartnerRequest>(kPartners, "UndoMergePartner", name, etag);
  }
  static v1::Partner Content(v1::Partner partner) {
    partner.clear_etag();
    partner.clear_update_time();
    return partner;
  }
  std::vector<ActiveSpan> Spans(const std::string& id) {
    std::vector<ActiveSpan> spans;
    EXPECT_OK(service_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const Partner partner, PartnerStore().Get(sql, id));
      ASSIGN_OR_RETURN(spans, PartnerActivityStore().SpansOf(sql, partner));
      return absl::OkStatus();
    }));
    return spans;
  }
};

TEST_F(PartnerMergeTest, TheDuplicateStaysReadableAndNamesItsSurvivorUntilItIsUndone) {
  SignedAgreement("partners/p-1");
  ASSERT_OK_AND_ASSIGN(const v1::Partner before,
                       (Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", "partners/p-1")));
  ASSERT_OK_AND_ASSIGN(const v1::Partner survivor, GetPartner("partners/p-2"));
  const std::vector<ActiveSpan> spans = Spans("p-1");
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_FALSE(spans[0].end.has_value());

  ASSERT_OK_AND_ASSIGN(const v1::Partner merged, Merge("partners/p-1", "partners/p-2", before.etag()));
  EXPECT_EQ(merged.state(), v1::Partner::TERMINATED);
  EXPECT_EQ(merged.merged_into(), "partners/p-2");
  EXPECT_EQ(merged.merge_reason(), "the same company");
  EXPECT_TRUE(merged.has_merge_time());
  EXPECT_TRUE(Spans("p-1")[0].end.has_value());
  // By the old name: the partner, which tells the survivor, and all that it has. The survivor is as it was.
  const auto user = service_.UserOf("p-1");
  v1::GetPartnerRequest get;
  get.set_name("partners/p-1");
  EXPECT_EQ(As<v1::Partner>(*user, kPartners, "GetPartner", get)->merged_into(), "partners/p-2");
  EXPECT_OK((Get<v1::Agreement, v1::GetAgreementRequest>(kAgreements, "GetAgreement", "partners/p-1/agreements/main")));
  EXPECT_EQ(GetPartner("partners/p-2")->SerializeAsString(), survivor.SerializeAsString());
  // No more commands.
  EXPECT_THAT(CreateGrant("partners/p-1", {"regions/aw-1"}), HasReason(Reason::kStateConflict));
  EXPECT_THAT((Do<v1::Partner, v1::SuspendPartnerRequest>(kPartners, "SuspendPartner", "partners/p-1")),
              HasReason(Reason::kStateConflict));

  ASSERT_OK_AND_ASSIGN(const v1::Partner restored, Undo("partners/p-1", merged.etag()));
  EXPECT_EQ(Content(restored).SerializeAsString(), Content(before).SerializeAsString());
  const std::vector<ActiveSpan> again = Spans("p-1");
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].start, spans[0].start);
  EXPECT_FALSE(again[0].end.has_value());
  const std::multiset<std::string> told = Told();
  EXPECT_EQ(told.count("merged partners/p-1"), 1u);
  EXPECT_EQ(told.count("mergeUndone partners/p-1"), 1u);
  EXPECT_EQ(told.count("updated partners/p-2"), 0u);
}

TEST_F(PartnerMergeTest, WhatIsRefused) {
  EXPECT_THAT(Merge("partners/p-1", "partners/p-1"), Blames("survivor"));
  EXPECT_THAT(Merge("partners/none", "partners/p-1"), HasReason(Reason::kNotFound));
  const auto unknown = Merge("partners/p-1", "partners/none");
  EXPECT_THAT(unknown, HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(unknown, Blames("survivor"));
  EXPECT_THAT(Merge("partners/p-1", "nobody"), Blames("survivor"));
  EXPECT_THAT(Merge("partners/p-1", "partners/p-2", "\"7\""), HasReason(Reason::kEtagMismatch));
  EXPECT_THAT(Undo("partners/p-1"), HasReason(Reason::kStateConflict));
  v1::MergePartnerRequest request;
  request.set_name("partners/p-1");
  request.set_survivor("partners/p-2");
  EXPECT_THAT(Call<v1::Partner>(kPartners, "MergePartner", request), Blames("reason"));
  request.set_reason("the same");
  request.set_validate_only(true);
  EXPECT_OK(Call<v1::Partner>(kPartners, "MergePartner", request));
  EXPECT_EQ(GetPartner("partners/p-1")->state(), v1::Partner::PROSPECT);
  EXPECT_THAT(As<v1::Partner>(*service_.UserOf("p-1"), kPartners, "MergePartner", request),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(PartnerMergeTest, ARequestIdMergesOnce) {
  const std::string id = NewRequestId();
  ASSERT_OK_AND_ASSIGN(const v1::Partner first, Merge("partners/p-1", "partners/p-2", "", id));
  ASSERT_OK_AND_ASSIGN(const v1::Partner second, Merge("partners/p-1", "partners/p-2", "", id));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(Told().count("merged partners/p-1"), 1u);
  EXPECT_THAT(Merge("partners/p-1", "partners/p-3", "", id), HasReason(Reason::kRequestIdReused));
}

TEST_F(PartnerMergeTest, AChainIsNoCircle) {
  ASSERT_OK(Merge("partners/p-1", "partners/p-2"));
  EXPECT_THAT(Merge("partners/p-2", "partners/p-1"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Merge("partners/p-1", "partners/p-3"), HasReason(Reason::kStateConflict));
  ASSERT_OK(Merge("partners/p-2", "partners/p-3"));
  EXPECT_THAT(Merge("partners/p-3", "partners/p-1"), HasReason(Reason::kStateConflict));
  EXPECT_EQ(GetPartner("partners/p-1")->merged_into(), "partners/p-2");
  EXPECT_EQ(GetPartner("partners/p-2")->merged_into(), "partners/p-3");
  // In any order.
  ASSERT_OK(Undo("partners/p-1"));
  EXPECT_EQ(GetPartner("partners/p-2")->merged_into(), "partners/p-3");
  ASSERT_OK(Undo("partners/p-2"));
  for (const char* name : {"partners/p-1", "partners/p-2", "partners/p-3"}) {
    EXPECT_EQ(GetPartner(name)->state(), v1::Partner::PROSPECT);
    EXPECT_EQ(GetPartner(name)->merged_into(), "");
  }
}

}  // namespace
}  // namespace tributary::partner
