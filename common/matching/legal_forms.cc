#include "common/matching/legal_forms.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "common/matching/folding.h"
#include "common/matching/legal_phrases.h"

namespace tributary::matching {
namespace {

using Forms = std::unordered_set<std::u16string>;

// Separated by '|'; case, accents, spaces and full stops do not matter. Foundations, associations, funds and trusts are
// not here: "Ford Foundation" is not "Ford".
constexpr auto kTrailing = std::to_array<std::string_view>({
    // English-speaking countries, and what they brought to Asia, Africa and the Caribbean
    "inc|incorporated|corp|corporation|co|company|cos|ltd|limited|co ltd|co limited|company ltd|company limited|co inc",
    "llc|llp|lllp|lp|pllc|pllp|pc|pa|apc|plc|cic|cio|cbs|ilp|ulc|uc|gp|dac|clg|chtd|chartered|scs|unltd|unlimited",
    "pty|pty ltd|proprietary|proprietary limited|propriety limited|pte|pte ltd|pvt|pvt ltd|private|private limited",
    "private company|private ltd|public limited|rf pty ltd|soc ltd|npc|npc ltd|cc|close corporation|lda",
    "public limited company|private limited company|private company limited by shares|company limited by shares",
    "company limited by guarantee|public company limited by shares|public company limited by guarantee|public company",
    "private company limited by guarantee|limited company|limited liability company|limited liability co",
    "limited liability partnership|limited partnership|limited liability limited partnership|general partnership",
    "professional corporation|professional association|professional limited liability company|benefit corporation",
    "professional limited liability partnership|business corporation|unlimited company|unlimited liability company",
    "unlimited liability corporation|designated activity company|community interest company|international company",
    "public unlimited company|private unlimited company|public company limited|pcl|pub co|public joint stock company",
    "joint stock company|jsc|pjsc|ojsc|cjsc|open joint stock company|closed joint stock company|private joint stock",
    "private joint stock company|joint stock corporation|saudi joint stock company|one person company|opc|opc pvt ltd",
    "sdn|bhd|sdn bhd|berhad|sendirian|sendirian berhad|exempted company|international business company|ibc",
    "exempted limited partnership|protected cell company|incorporated cell company|segregated portfolio company|spc",
    "fzc|fze|fz llc|fz co|fzco|dmcc|free zone company|free zone establishment|wll|bsc|saoc|saog|qsc|qpsc|kscp|ksc|sal",
    "with limited liability|ultd|no liability|nl|sole proprietorship|sole establishment|a corporation|an llc",
    // German
    "gmbh|mbh|ggmbh|g gmbh|gesellschaft mbh|ges mbh|gesmbh|gesellschaft mit beschränkter haftung|ag|aktiengesellschaft",
    "gemeinnützige gmbh|gemeinnützige gesellschaft mit beschränkter haftung|gemeinnützige aktiengesellschaft",
    "kg|kommanditgesellschaft|kgaa|kg aa|kommanditgesellschaft auf aktien|ohg|offene handelsgesellschaft|og|oeg|keg",
    "offene gesellschaft|ug|ug haftungsbeschränkt|unternehmergesellschaft|unternehmergesellschaft haftungsbeschränkt",
    "haftungsbeschränkt|gbr|gesellschaft bürgerlichen rechts|eg|eingetragene genossenschaft|ev|eingetragener verein",
    "ek|e kfm|e kfr|eingetragener kaufmann|eingetragene kauffrau|partg|partg mbb|partnerschaftsgesellschaft",
    "partnerschaftsgesellschaft mit beschränkter berufshaftung|registrierte genossenschaft mit beschränkter haftung",
    "vvag|versicherungsverein auf gegenseitigkeit|gmbh co kg|gmbh und co kg|ag co kg|gmbh co ohg|gmbh co kgaa|se co kg",
    "se co kgaa|ug haftungsbeschränkt co kg|genossenschaft|einzelunternehmen|eingetragene gesellschaft|egbr|gesmbh",
    // Dutch and Belgian
    "bv|nv|vof|cv|bvba|cvba|cvoa|besloten vennootschap|naamloze vennootschap|naamlooze vennootschap|b v b a|gcv|comm v",
    "besloten vennootschap met beperkte aansprakelijkheid|vennootschap onder firma|commanditaire vennootschap|commv",
    "coöperatie|coöperatie ua|coöperatie u a|coöperatieve vennootschap|vzw|maatschap|gewone commanditaire vennootschap",
    "met beperkte aansprakelijkheid|coöperatieve vennootschap met beperkte aansprakelijkheid|eenmanszaak|ua|ba|sprl",
    "coöperatieve vereniging|onderlinge waarborgmaatschappij|eenpersoons bvba|ebvba|vereniging zonder winstoogmerk",
    // Nordic and Baltic
    "ab|ab publ|publ|aktiebolag|publikt aktiebolag|privat aktiebolag|hb|kb|handelsbolag|kommanditbolag|ek för",
    "ekonomisk förening|bankaktiebolag|försäkringsaktiebolag|as|asa|a s|aksjeselskap|allmennaksjeselskap|ans|da|ba|sf",
    "ansvarlig selskap|delt ansvar|kommandittselskap|enkeltpersonforetak|enk|samvirkeforetak|aps|aktieselskab|ivs|i "
    "s|k s",
    "anpartsselskab|iværksætterselskab|interessentskab|kommanditselskab|partnerselskab|p s|amba|a m b a|fmba|smba",
    "andelsselskab med begrænset ansvar|oy|oyj|oy ab|ab oy|osakeyhtiö|julkinen osakeyhtiö|ky|kommandiittiyhtiö|ay|ltd "
    "oy",
    "avoin yhtiö|osuuskunta|osk|hf|ehf|ohf|slf|hlutafélag|einkahlutafélag|sameignarfélag|samlagsfélag|p f|sp f|ou|oü",
    "osaühing|aktsiaselts|täisühing|usaldusühing|tü|uü|sia|akciju sabiedrība|sabiedrība ar ierobežotu atbildību|ik|ps",
    "uab|uždaroji akcinė bendrovė|akcinė bendrovė|mb|mažoji bendrija|tikroji ūkinė bendrija|individuali "
    "įmonė|iį|všį|tub",
    // French-speaking countries
    "sa|sas|sasu|sarl|eurl|snc|sca|scs|scop|sem|sci|scp|scm|gie|geie|sep|selarl|selas|selafa|selca|earl|gaec|scea|"
    "spfpl",
    "société anonyme|société par actions simplifiée|société par actions simplifiée unipersonnelle|sàrl|s à r l|sarlu",
    "société à responsabilité limitée|entreprise unipersonnelle à responsabilité limitée|société en nom collectif",
    "société en commandite simple|société en commandite par actions|société civile|société civile immobilière|cie",
    "société civile professionnelle|société anonyme à conseil d administration|société coopérative|et cie|et compagnie",
    "société à responsabilité limitée unipersonnelle|groupement d intérêt économique|société d économie mixte|sarl s",
    "société anonyme à directoire|société anonyme à participation ouvrière|société de libre partenariat|slp|scrl|srl",
    "société à responsabilité limitée simplifiée|société en commandite "
    "spéciale|scsp|sicav|sicar|senc|sencrl|ltée|limitée",
    "société privée à responsabilité limitée|société coopérative à responsabilité limitée|asbl|scri|scr|incorporée|enr",
    "société anonyme unipersonnelle|sau|sasp|entreprise individuelle|société européenne|société en nom collectif",
    "société civile de moyens|société d exercice libéral à responsabilité limitée|société simple|spfs",
    // Italian
    "spa|s p a|srl|s r l|srls|s r l s|sapa|sas|snc|ss|scarl|s c a r l|scpa|scrl|soc coop|società per azioni|sca",
    "società a responsabilità limitata|società a responsabilità limitata semplificata|società in nome collettivo",
    "società in accomandita semplice|società in accomandita per azioni|società semplice|società cooperativa|soc coop "
    "arl",
    "società cooperativa a responsabilità limitata|società consortile|società cooperativa per azioni|scarl|società",
    "società consortile a responsabilità limitata|società consortile per azioni|a responsabilità limitata|ditta",
    "srl unipersonale|unipersonale|spa unipersonale|a socio unico|impresa individuale|arl",
    // Spanish and Portuguese, both sides of the Atlantic
    "sl|slu|sll|slne|sad|sal|slp|sau|sociedad anónima|sociedad limitada|sociedad de responsabilidad limitada|srl|s "
    "coop",
    "sociedad anónima unipersonal|sociedad limitada unipersonal|sociedad anónima deportiva|sociedad comanditaria|s com",
    "sociedad limitada nueva empresa|sociedad colectiva|src|sociedad cooperativa|comunidad de bienes|cb|agrupación de "
    "interés económico",
    "sociedad anónima laboral|sociedad limitada laboral|sociedad limitada profesional|aie|sociedad comanditaria por "
    "acciones",
    "sa de cv|s a de c v|sab|sab de cv|sapi|sapi de cv|s de rl|s de rl de cv|sc de rl|sa de capital variable|de cv|de "
    "rl",
    "sociedad anónima de capital variable|sociedad anónima bursátil|sociedad anónima promotora de inversión|sofom enr",
    "sociedad de responsabilidad limitada de capital variable|sociedad civil|sociedad en comandita|s en c|sociedad "
    "simple",
    "sociedad por acciones simplificada|sociedad en comandita por acciones|s en c por a|sas bic|spa|eirl|saa|sac|scrl",
    "empresa individual de responsabilidad limitada|sociedad anónima cerrada|sociedad anónima abierta|sociedad por "
    "acciones",
    "sociedad comercial de responsabilidad limitada|sociedad colectiva comercial|sociedad de "
    "hecho|saica|saci|sacif|sacifi",
    "compañía anónima|ca|c a|compañía limitada|cía|y cía|cia ltda|compañía limitada|y compañía|ltda|limitada|sociedad "
    "de capital e industria",
    "empresa unipersonal|sociedad de economía mixta|sem|empresa pública|e p|s a s|s a c|sociedad anónima simplificada",
    "lda|sgps|sociedade anónima|sociedade por quotas|sociedade unipessoal por quotas|unipessoal "
    "lda|unipessoal|sociedade em comandita",
    "sociedade anônima|sociedade limitada|sociedade empresária limitada|s a|eireli|epp|mei|sociedade simples|sociedade "
    "em nome coletivo",
    "empresa individual de responsabilidade limitada|empresário individual|s s|sociedade em conta de "
    "participação|sociedade unipessoal",
    "sociedade por quotas de responsabilidade limitada|cooperativa de responsabilidade limitada|crl|sociedade "
    "cooperativa|companhia",
    // Central and south-eastern Europe
    "sro|s r o|spol s r o|spol sro|as|a s|akciová společnost|společnost s ručením omezeným|ks|vos|v o s|k s|komanditní "
    "společnost",
    "veřejná obchodní společnost|družstvo|o p s|z s|státní podnik|s p|ops|akciová spoločnosť|spoločnosť s ručením "
    "obmedzeným",
    "komanditná spoločnosť|verejná obchodná spoločnosť|j s a|jednoduchá spoločnosť na akcie|družstvo|európska "
    "spoločnosť",
    "sp z o o|sp zoo|spzoo|spółka z o o|spółka z ograniczoną odpowiedzialnością|spółka akcyjna|spółka jawna|sp j|sp "
    "k|ska|s k a",
    "sp z o o sp k|spółka komandytowa|spółka komandytowo akcyjna|spółka partnerska|sp p|spółka cywilna|s c|prosta "
    "spółka akcyjna|psa",
    "spółka z ograniczoną odpowiedzialnością spółka komandytowa|sp z o o spółka "
    "komandytowa|spółdzielnia|przedsiębiorstwo państwowe",
    "kft|zrt|nyrt|rt|bt|kkt|korlátolt felelősségű társaság|részvénytársaság|zártkörűen működő részvénytársaság|ev|ec",
    "nyilvánosan működő részvénytársaság|betéti társaság|közkereseti társaság|szövetkezet|egyéni cég|nonprofit kft",
    "srl|sa|pfa|societate pe acțiuni|societate cu răspundere limitată|societate în nume colectiv|societate în "
    "comandită simplă",
    "societate în comandită pe acțiuni|srl d|societate agricolă|întreprindere individuală|întreprindere familială",
    "doo|d o o|dd|d d|jdoo|j d o o|ad|a d|dno|d n o|kd|k d|društvo s ograničenom odgovornošću|dioničko "
    "društvo|obrt|jtd|j t d",
    "jednostavno društvo s ograničenom odgovornošću|komanditno društvo|javno trgovačko društvo|delniška družba|sp|s "
    "p|d o o e l|dooel",
    "družba z omejeno odgovornostjo|družba z neomejeno odgovornostjo|komanditna družba|samostojni "
    "podjetnik|akcionarsko društvo",
    "društvo sa ograničenom odgovornošću|ortačko društvo|preduzetnik|pr|zadruga|sha|sh a|shpk|sh p k|shoqëri "
    "aksionare|shk",
    "shoqëri me përgjegjësi të kufizuar|shoqëri komandite|shoqëri "
    "kolektive|eood|ood|ead|ad|et|sd|kda|еоод|оод|еад|ад|ет|сд|кд|кда",
    "еднолично дружество с ограничена отговорност|дружество с ограничена отговорност|акционерно дружество|еднолично "
    "акционерно дружество",
    "събирателно дружество|командитно дружество|командитно дружество с акции|едноличен търговец|кооперация",
    "друштво са ограниченом одговорношћу|акционарско друштво|друштво со ограничена одговорност|доо|дооел",
    "ae|a e|epe|e p e|oe|o e|ee|e e|ike|i k e|mike|abee|aebe|ate|αε|α ε|επε|ε π ε|οε|ο ε|εε|ε ε|ικε|ι κ ε|αβεε|α β ε "
    "ε|αεβε",
    "ανώνυμη εταιρεία|ανώνυμη εταιρία|εταιρεία περιορισμένης ευθύνης|ομόρρυθμη εταιρεία|ετερόρρυθμη εταιρεία|μον "
    "ικε|μονοπρόσωπη",
    "ιδιωτική κεφαλαιουχική εταιρεία|μονοπρόσωπη ικε|μονοπρόσωπη επε|μονοπρόσωπη ιδιωτική κεφαλαιουχική "
    "εταιρεία|ετερόρρυθμη εταιρία",
    // Russian, Ukrainian and their neighbors
    "ооо|оао|зао|пао|ао|нао|ип|ано|тоо|одо|пк|гуп|муп|фгуп|общество с ограниченной ответственностью|акционерное "
    "общество|кфх",
    "публичное акционерное общество|открытое акционерное общество|закрытое акционерное общество|непубличное "
    "акционерное общество",
    "товарищество с ограниченной ответственностью|общество с дополнительной ответственностью|полное "
    "товарищество|ооо|сооо|унитарное предприятие",
    "индивидуальный предприниматель|государственное унитарное предприятие|муниципальное унитарное предприятие|частное "
    "унитарное предприятие|чуп|уп",
    "тов|ат|пат|прат|ват|зат|тдв|пп|фоп|товариство з обмеженою відповідальністю|акціонерне товариство|приватне "
    "підприємство",
    "публічне акціонерне товариство|приватне акціонерне товариство|повне товариство|командитне товариство|товариство з "
    "додатковою відповідальністю",
    "ooo|oao|zao|pao|too|tov|llc ooo|az|asc|qsc|mmc|mchj|oaj|xk|ак|жшс|жауапкершілігі шектеулі серіктестік|акционерлік "
    "қоғам|шпс|ххк|хк",
    "հիմնադրամ|սպը|ՍՊԸ|ԲԲԸ|ՓԲԸ|შპს|სს|ააიპ|შეზღუდული პასუხისმგებლობის საზოგადოება|სააქციო საზოგადოება",
    // Turkey, the Near East, India, South-East Asia
    "aş|a ş|ltd şti|ltd sti|anonim şirketi|limited şirketi|anonim şirket|limited şirket|şti|sti|san ve tic aş|san ve "
    "tic ltd şti",
    "sanayi ve ticaret aş|sanayi ve ticaret anonim şirketi|ticaret aş|san tic ltd şti|san ve tic a ş|kollektif "
    "şirket|komandit şirket",
    "בעמ|בע מ|שותפות מוגבלת|ش م م|ش م ل|ش م ع|ذ م م|ش ذ م م|ش م ك|ش م ب|ش م ق|شركة مساهمة|شركة ذات مسؤولية محدودة|شركة "
    "مساهمة عامة|المحدودة",
    "ذات مسؤولية محدودة|شركة مساهمة مقفلة|سهامی خاص|سهامی عام|با مسئولیت محدود",
    "प्राइवेट लिमिटेड|लिमिटेड|tbk|persero|persero tbk|perseroan terbatas|pt tbk|cv|ud|firma|jsc|tnhh|cổ phần|cp|công ty cổ "
    "phần|công ty tnhh",
    "trách nhiệm hữu hạn|một thành viên|mtv|tnhh mtv|tnhh một thành viên|จำกัด|จำกัด มหาชน|มหาชน|จํากัด|จํากัด มหาชน|public "
    "co ltd|pcl",
    // Supranational, China and Japan in Latin letters
    "se|sce|eeig|ewiv|eesv|geie|societas europaea|societas cooperativa europaea|kk|k k|kabushiki kaisha|kabushiki "
    "gaisha|yk|y k|gk|g k",
    "yugen kaisha|yugen gaisha|godo kaisha|goshi kaisha|gomei kaisha|youxian gongsi|gufen youxian gongsi|youxian zeren "
    "gongsi|tmk",
    "ky|dr|tdr|创|株|有|주|유|股份",
});

constexpr auto kLeading = std::to_array<std::string_view>({
    "pt|cv|ud|fa|firma|株|有|同|주|유|ооо|оао|зао|пао|ао|нао|ип|тоо|тов|ат|пат|прат|пп|чуп|sia|uab|mb|všį|ou|oü|as|ab|"
    "nv|bv|sa|oy",
    "ad|ead|ood|eood|оод|еоод|ад|еад|ет|et|dd|doo|sarl|srl|spa|eurl|sas|ste|sté|société|soc|sci|scp|snc|gaec|earl|"
    "selarl|ets|pjsc|jsc",
    "ojsc|cjsc|ooo|oao|zao|pao|too|tov|открытое акционерное общество|акционерное общество|общество с ограниченной "
    "ответственностью",
    "публичное акционерное общество|закрытое акционерное общество|товариство з обмеженою відповідальністю|приватне "
    "акціонерне товариство",
    "товарищество с ограниченной ответственностью|публічне акціонерне товариство|приватне підприємство|индивидуальный "
    "предприниматель",
    "naamloze vennootschap|besloten vennootschap|société anonyme|sociedad anónima|sabiedrība ar ierobežotu "
    "atbildību|akciju sabiedrība",
    "uždaroji akcinė bendrovė|osaühing|aktsiaselts|aktiebolaget|aktiebolag|osakeyhtiö|công ty cổ phần|công ty "
    "tnhh|công ty|perseroan terbatas",
    "công ty trách nhiệm hữu hạn|công ty tnhh mtv|công ty tnhh một thành viên|công ty "
    "cp|บริษัท|ห้างหุ้นส่วนจำกัด|შპს|სს|شركة|společnost|m s|messrs",
    "kabushiki kaisha|kabushiki gaisha|yugen kaisha|the",
});

// In scripts that write them onto the name; simplified below.
constexpr auto kEndings = std::to_array<std::string_view>({
    "股份有限责任公司", "股份有限公司", "有限责任公司", "股份合作公司", "集团有限公司",     "集团股份有限公司",
    "控股有限公司",     "有限公司",     "股有限公司",   "股份公司",     "无限公司",         "两合公司",
    "有限合伙",         "普通合伙",     "特殊普通合伙", "有限合伙企业", "普通合伙企业",     "个人独资企业",
    "合伙企业",         "股份合作企业", "全民所有制",   "有限责任",     "股份有限",         "股公司",
    "有限公司分公司",   "株式会社",     "株式會社",     "有限会社",     "合同会社",         "合資会社",
    "合名会社",         "相互会社",     "特定目的会社", "一般社団法人", "주식회사",         "유한회사",
    "유한책임회사",     "합자회사",     "합명회사",     "有限公司开曼", "股份有限公司开曼", "公司",
});
constexpr auto kBeginnings = std::to_array<std::string_view>({
    "株式会社",       "株式會社",       "有限会社",     "合同会社",   "合資会社",   "合名会社",     "特定目的会社",
    "주식회사",       "유한회사",       "유한책임회사", "합자회사",   "합명회사",   "농업회사법인", "英属开曼群岛商",
    "英属维京群岛商", "英属盖曼群岛商", "开曼群岛商",   "盖曼群岛商", "维京群岛商", "英属百慕达商", "百慕达商",
    "萨摩亚商",       "塞席尔商",       "新加坡商",     "香港商",     "美商",       "日商",         "英商",
    "德商",           "法商",           "荷兰商",       "瑞士商",     "瑞典商",     "韩商",         "澳商",
});

std::u16string Joined(std::span<const std::u16string> words) {
  std::u16string joined;
  for (const std::u16string& word : words) joined += word;
  return joined;
}

template <size_t n>
Forms Read(const std::array<std::string_view, n>& table) {
  Forms forms;
  for (std::string_view line : table) {
    while (!line.empty()) {
      const size_t end = std::min(line.find('|'), line.size());
      forms.insert(Letters(Fold(line.substr(0, end))));
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  }
  return forms;
}

template <size_t n>
std::vector<std::u16string> LongestFirst(const std::array<std::string_view, n>& table) {
  std::vector<std::u16string> all;
  for (const std::string_view form : table) all.push_back(Simplified(Utf16(form)));
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
  return all;
}

const Forms& Trailing() {
  static const auto* const forms = new Forms(Read(kTrailing));
  return *forms;
}

size_t LongestOf(const Forms& forms) {
  size_t longest = 0;
  for (const std::u16string& form : forms) longest = std::max(longest, form.size());
  return longest;
}

bool Has(const Forms& forms, std::u16string joined) {
  if (forms.contains(joined)) return true;
  for (const char16_t c : joined) {
    if (c >= 0x80) return forms.contains(Letters(Fold(Utf8(joined))));
  }
  return false;
}

constexpr size_t kMostFormWords = 9;

}  // namespace

size_t TrailingForm(std::span<const std::u16string> words) {
  static const size_t longest = LongestOf(Trailing()) + 4;
  size_t found = LegalPhrase(words, true);
  std::u16string joined;
  for (size_t n = 1; n <= std::min(words.size(), kMostFormWords); ++n) {
    joined.insert(0, words[words.size() - n]);
    if (joined.size() > longest) break;
    if (Has(Trailing(), joined)) found = std::max(found, n);
  }
  return found;
}

size_t LeadingForm(std::span<const std::u16string> words) {
  static const auto* const forms = new Forms(Read(kLeading));
  static const size_t longest = LongestOf(*forms) + 4;
  size_t found = LegalPhrase(words, false);
  std::u16string joined;
  for (size_t n = 1; n <= std::min(words.size(), kMostFormWords); ++n) {
    joined += words[n - 1];
    if (joined.size() > longest) break;
    if (Has(*forms, joined)) found = std::max(found, n);
  }
  return found;
}

bool IsForm(const std::u16string& word) { return Has(Trailing(), word); }

const std::vector<std::u16string>& FormEndings() {
  static const auto* const endings = new std::vector<std::u16string>(LongestFirst(kEndings));
  return *endings;
}

const std::vector<std::u16string>& FormBeginnings() {
  static const auto* const beginnings = new std::vector<std::u16string>(LongestFirst(kBeginnings));
  return *beginnings;
}

std::vector<std::u16string> CutForms(std::vector<std::u16string>* words) {
  std::vector<std::u16string> cut;
  const auto spaceless = [&](bool at_end) {
    std::u16string& word = at_end ? words->back() : words->front();
    if (!IsSpaceless(at_end ? word.back() : word.front())) return false;
    const std::vector<std::u16string>& endings = FormEndings();
    if (words->size() == 1 && std::find(endings.begin(), endings.end(), word) != endings.end()) return false;
    for (const std::u16string& form : at_end ? FormEndings() : FormBeginnings()) {
      if (at_end ? !word.ends_with(form) : !word.starts_with(form)) continue;
      if (word.size() == form.size() && words->size() == 1) continue;
      word.erase(at_end ? word.size() - form.size() : 0, form.size());
      cut.push_back(form);
      if (word.empty()) words->erase(at_end ? words->end() - 1 : words->begin());
      return true;
    }
    return false;
  };
  // "gmbh and co kg": the "and" joins two forms, and in "smith and co" it joins nothing any more.
  const auto end_and = [&] {
    if (words->size() > 1 && words->back() == u"and") words->pop_back();
  };
  while (!words->empty()) {
    // One word stays, whichever it is.
    const std::span<const std::u16string> all(*words);
    if (const size_t n = TrailingForm(all.subspan(1)); n > 0) {
      cut.push_back(Joined({words->end() - static_cast<ptrdiff_t>(n), words->end()}));
      words->resize(words->size() - n);
      end_and();
    } else if (!spaceless(true)) {
      if (const size_t first = LeadingForm(all.first(all.size() - 1)); first > 0) {
        cut.push_back(Joined({words->begin(), words->begin() + static_cast<ptrdiff_t>(first)}));
        words->erase(words->begin(), words->begin() + static_cast<ptrdiff_t>(first));
      } else if (!spaceless(false)) {
        break;
      }
    }
  }
  return cut;
}

}  // namespace tributary::matching
