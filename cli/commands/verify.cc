#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/book_verifier.h"
#include "cli/commands/commands.h"
#include "cli/verifier.h"
#include "cli/verify/document.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {
namespace {

absl::Status VerifyFiles(const std::vector<std::string>& paths) {
  std::vector<std::string> documents;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    documents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (!file) return absl::UnavailableError(StrCat(path, " cannot be read"));
  }
  const std::vector<std::string> differences = VerifyDocuments(documents);
  for (const std::string& difference : differences) std::cout << difference << "\n";
  if (!differences.empty()) return absl::DataLossError(StrCat(differences.size(), " differences"));
  std::cerr << documents.size() << " documents verified\n";
  return absl::OkStatus();
}

absl::Status Export(Suite& suite, const std::string& statement) {
  incentive::v1::ExportStatementRequest request;
  request.set_name(statement);
  ASSIGN_OR_RETURN(const auto exported, suite.incentive().Call<incentive::v1::ExportStatementResponse>(
                                            "tributary.incentive.v1.StatementService/ExportStatement", request));
  std::cout << exported.csv() << std::flush;
  return absl::OkStatus();
}

void AddExport(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("export", "Print a statement as the document that its hash is of");
  auto name = std::make_shared<std::string>();
  command->add_option("statement", *name, "partners/{partner}/statements/{number}")->required();
  command->callback([&context, name] {
    context.chosen = [&context, name]() -> absl::Status {
      ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
      return Export(*suite, *name);
    };
  });
}

}  // namespace

void AddVerify(CLI::App& app, Context& context) {
  AddExport(app, context);
  CLI::App* verify = app.add_subcommand(
      "verify",
      "Recompute every statement from its explanation, its lines and the facts that they name, claims from what they "
      "are claimed against and the facts, and wallets and the ledger of incentives from what they show");
  auto filter = std::make_shared<std::string>();
  verify->add_option("--filter", *filter,
                     "Statements to verify, such as 'period = \"2013Q4\"'; they alone are verified");
  auto documents = std::make_shared<std::vector<std::string>>();
  verify
      ->add_option("--documents", *documents,
                   "Exported statements of one partner, by number: these files alone are verified, without any service")
      ->check(CLI::ExistingFile);
  verify->callback([&context, filter, documents] {
    context.chosen = [&context, filter, documents]() -> absl::Status {
      if (!documents->empty()) return VerifyFiles(*documents);
      ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
      absl::Time told = absl::Now();
      ASSIGN_OR_RETURN(VerifyReport report, VerifyAll(*suite, *filter, [&](int64_t done) {
                         if (absl::Now() - told < absl::Seconds(2)) return;
                         told = absl::Now();
                         std::cerr << "  " << done << " statements\n";
                       }));
      for (const std::string& difference : report.differences) std::cout << difference << "\n";
      std::cerr << report.verified << " of " << report.statements << " statements verified\n";
      if (filter->empty()) {
        ASSIGN_OR_RETURN(BookReport books, VerifyBooks(*suite));
        for (const std::string& difference : books.differences) std::cout << difference << "\n";
        for (const std::string& what : books.open) std::cout << "not verified: " << what << "\n";
        std::cerr << books.derived << " of " << books.approved << " approved claims worked out again from facts\n";
        std::cerr << books.wallets << " wallets, " << books.claims << " claims and " << books.ledger_entries
                  << " entries of the ledger verified, " << books.differences.size() << " differences\n";
        std::move(books.differences.begin(), books.differences.end(), std::back_inserter(report.differences));
      }
      return report.differences.empty() ? absl::OkStatus()
                                        : absl::DataLossError(StrCat(report.differences.size(), " differences"));
    };
  });
}

}  // namespace tributary::cli
