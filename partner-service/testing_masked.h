#pragma once

// For tests of what is kept masked: callers of each role, the records of who saw it, and a search for what must not be
// anywhere else.

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/empty.pb.h"
#include "partner-service/testing_partners.h"
#include "tributary/partner/v1/access_record.pb.h"
#include "tributary/partner/v1/bank_account.pb.h"
#include "tributary/partner/v1/contact.pb.h"

namespace tributary::partner {

inline constexpr char kContacts[] = "tributary.partner.v1.ContactService/";
inline constexpr char kBankAccounts[] = "tributary.partner.v1.BankAccountService/";
inline constexpr char kAccessRecords[] = "tributary.partner.v1.AccessRecordService/";

class MaskedTest : public PartnersTest {
 protected:
  MaskedTest() {
    for (const char* id : {"p-1", "p-2"}) EXPECT_OK(CreatePartner(id));
  }

  // "ACTION id principal fields purpose" of each, oldest first.
  std::vector<std::string> Records(const std::string& parent) {
    v1::ListAccessRecordsRequest list;
    list.set_parent(parent);
    list.set_page_size(3);
    std::vector<std::string> records;
    do {
      const auto page = As<v1::ListAccessRecordsResponse>(*auditor_, kAccessRecords, "ListAccessRecords", list);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::AccessRecord& record : page->access_records()) {
        const std::string fields = StrJoin(record.fields(), ",");
        records.push_back(StrCat(v1::AccessRecord::Action_Name(record.action()), " ",
                                 record.resource().substr(record.resource().rfind('/') + 1), " ", record.principal(),
                                 " ", fields.empty() ? "-" : fields, " ",
                                 record.purpose().empty() ? "-" : record.purpose()));
      }
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
    return records;
  }

  // In no event and in no stored answer is any of these texts.
  void ExpectNowhere(const std::vector<std::string>& texts) {
    std::vector<std::string> kept;
    ASSERT_OK(service_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows answers, sql.Query("SELECT reply FROM request WHERE reply IS NOT NULL"));
      for (const mysql::Row& row : answers) kept.push_back(row.Text(0));
      ASSIGN_OR_RETURN(const mysql::Rows audits, sql.Query("SELECT resource FROM audit"));
      for (const mysql::Row& row : audits) kept.push_back(row.Text(0));
      return absl::OkStatus();
    }));
    EXPECT_FALSE(kept.empty());
    ASSERT_OK(service_.feed().Refresh());
    const std::vector<int64_t> heads = service_.feed().Heads();
    for (int shard = 0; shard < static_cast<int>(heads.size()); ++shard) {
      if (heads[shard] == 0) continue;
      std::vector<events::Event> events;
      std::vector<events::Cursor> read_to;
      const events::ShardRange range{.shard = shard, .after = 0, .upto = heads[shard]};
      ASSERT_OK(service_.feed().Read({&range, 1}, 100000, &events, &read_to));
      for (const events::Event& event : events) kept.push_back(event.payload);
    }
    for (const std::string& text : texts) {
      for (const std::string& one : kept) EXPECT_EQ(one.find(text), std::string::npos) << text;
    }
  }

  std::unique_ptr<rpc::Client> Finance(const std::string& subject) {
    return service_.ClientOf({.subject = subject, .roles = {api::v1::FINANCE}});
  }
  const std::unique_ptr<rpc::Client> finance_ = Finance("finance-1");
  const std::unique_ptr<rpc::Client> second_ = Finance("finance-2");
  const std::unique_ptr<rpc::Client> auditor_ =
      service_.ClientOf({.subject = "auditor-1", .roles = {api::v1::AUDITOR}});
  const std::unique_ptr<rpc::Client> user_ = service_.UserOf("p-1");
  const std::unique_ptr<rpc::Client> other_ = service_.UserOf("p-2");
};

}  // namespace tributary::partner
