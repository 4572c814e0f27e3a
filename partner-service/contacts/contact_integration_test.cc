// Contacts over the wire: who sees what of them, and what is kept of who saw it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "partner-service/testing_masked.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ContactsTest : public MaskedTest {
 protected:
  absl::StatusOr<v1::Contact> Create(rpc::Client& client, const std::string& id, const std::string& partner = "p-1") {
    v1::CreateContactRequest request;
    request.set_parent("partners/" + partner);
    request.set_contact_id(id);
    request.set_request_id(NewRequestId());
    request.mutable_contact()->set_display_name("Goods in");
    request.mutable_contact()->set_function(v1::Contact::LOGISTICS);
    request.mutable_contact()->set_email("goods@example.com");
    request.mutable_contact()->set_phone("+8613800138000");
    return As<v1::Contact>(client, kContacts, "CreateContact", request);
  }
  absl::StatusOr<v1::Contact> Update(rpc::Client& client, const v1::Contact& contact,
                                     const std::vector<std::string>& paths) {
    v1::UpdateContactRequest request;
    *request.mutable_contact() = contact;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return As<v1::Contact>(client, kContacts, "UpdateContact", request);
  }
  absl::StatusOr<v1::Contact> Read(rpc::Client& client, const std::string& name) {
    v1::GetContactRequest request;
    request.set_name(name);
    return As<v1::Contact>(client, kContacts, "GetContact", request);
  }
  absl::StatusOr<v1::RevealContactResponse> Reveal(rpc::Client& client, const std::string& name,
                                                   const std::string& purpose = "A parcel") {
    v1::RevealContactRequest request;
    request.set_name(name);
    request.set_purpose(purpose);
    return As<v1::RevealContactResponse>(client, kContacts, "RevealContact", request);
  }
};

TEST_F(ContactsTest, AreShownMaskedAndRevealedOnRecord) {
  ASSERT_OK_AND_ASSIGN(const v1::Contact made, Create(*manager_, "goods"));
  EXPECT_EQ(made.name(), "partners/p-1/contacts/goods");
  EXPECT_EQ(made.display_name(), "");  // answers of changes are kept with request ids
  for (rpc::Client* client : {manager_.get(), finance_.get(), auditor_.get(), user_.get()}) {
    ASSERT_OK_AND_ASSIGN(const v1::Contact read, Read(*client, made.name()));
    EXPECT_EQ(read.display_name(), "Goods in");
    EXPECT_EQ(read.masked_email(), "g***@example.com");
    EXPECT_EQ(read.masked_phone(), "****8000");
    EXPECT_EQ(read.email() + read.phone(), "");
  }
  EXPECT_THAT(Reveal(*auditor_, made.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Reveal(*other_, made.name()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Reveal(*manager_, made.name(), ""), Blames("purpose"));
  EXPECT_THAT(Reveal(*manager_, made.name(), "two\nlines"), Blames("purpose"));
  EXPECT_THAT(Reveal(*manager_, "partners/p-1/contacts/none"), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const auto whole, Reveal(*manager_, made.name()));
  EXPECT_EQ(whole.email(), "goods@example.com");
  EXPECT_EQ(whole.phone(), "+8613800138000");
  EXPECT_OK(Reveal(*user_, made.name(), "Looking it up"));

  v1::Contact changed = *Read(*manager_, made.name());
  changed.set_phone("+8613800139999");
  ASSERT_OK(Update(*user_, changed, {"phone"}));
  EXPECT_THAT(Update(*user_, changed, {"phone"}), HasReason(Reason::kEtagMismatch));
  EXPECT_EQ(Read(*manager_, made.name())->masked_phone(), "****9999");
  EXPECT_EQ(Reveal(*manager_, made.name())->email(), "goods@example.com");
  changed.set_etag("");
  // What was read goes back as it is, and changes nothing that is masked.
  changed.clear_phone();
  ASSERT_OK(Update(*manager_, changed, {}));
  EXPECT_EQ(Reveal(*manager_, made.name())->phone(), "+8613800139999");
  v1::DeleteContactRequest remove;
  remove.set_name(made.name());
  remove.set_request_id(NewRequestId());
  ASSERT_OK(As<google::protobuf::Empty>(*manager_, kContacts, "DeleteContact", remove));
  EXPECT_THAT(Read(*manager_, made.name()), HasReason(Reason::kNotFound));

  // Every reading of what is whole and every change is on record, in order; what was refused is not.
  EXPECT_THAT(Records("partners/p-1"),
              ElementsAre("CREATED goods manager-1 - -", "REVEALED goods manager-1 email,phone A parcel",
                          "REVEALED goods user-of-p-1 email,phone Looking it up", "UPDATED goods user-of-p-1 phone -",
                          "REVEALED goods manager-1 email,phone A parcel", "UPDATED goods manager-1 - -",
                          "REVEALED goods manager-1 email,phone A parcel", "DELETED goods manager-1 - -"));
  EXPECT_THAT(Records("partners/p-2"), IsEmpty());
  ExpectNowhere({"goods@example.com", "+8613800138000", "+8613800139999", "Goods in", "****8000"});
}

TEST_F(ContactsTest, APartnerKeepsItsOwn) {
  ASSERT_OK(Create(*user_, "goods"));
  ASSERT_OK(Create(*manager_, "goods", "p-2"));
  EXPECT_THAT(Create(*user_, "x", "p-2"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Create(*finance_, "x"), HasReason(Reason::kPermissionDenied));
  for (const char* name : {"partners/p-2/contacts/goods", "partners/p-2/contacts/none"}) {
    EXPECT_THAT(Read(*user_, name), HasReason(Reason::kPermissionDenied));
    EXPECT_THAT(Reveal(*user_, name), HasReason(Reason::kPermissionDenied));
  }
  v1::ListContactsRequest list;
  list.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto own, As<v1::ListContactsResponse>(*user_, kContacts, "ListContacts", list));
  ASSERT_EQ(own.contacts_size(), 1);
  EXPECT_EQ(own.contacts(0).name(), "partners/p-1/contacts/goods");
  list.set_filter("email = \"goods@example.com\"");
  EXPECT_THAT(As<v1::ListContactsResponse>(*manager_, kContacts, "ListContacts", list),
              HasReason(Reason::kFilterInvalid));
  // Who looked is the vendor's to know.
  v1::ListAccessRecordsRequest records;
  records.set_parent("partners/p-1");
  EXPECT_THAT(As<v1::ListAccessRecordsResponse>(*user_, kAccessRecords, "ListAccessRecords", records),
              HasReason(Reason::kPermissionDenied));
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/p-1")));
  EXPECT_THAT(Create(*user_, "late"), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::partner
