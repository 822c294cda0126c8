/** Scripts that benchmarks run: a small one, and three hundred rules of all kinds of which none matches, the longest way. */
export const smallScript = `require ["fileinto", "imap4flags"];
if header :contains "list-id" "announce.example.org" { fileinto "Lists"; stop; }
if allof (address :domain "from" "shop.example.org", header :contains "subject" ["order", "invoice"]) {
  addflag "\\\\Seen"; fileinto "Orders"; stop;
}
if header :is "x-spam-flag" "yes" { fileinto "Junk"; stop; }
`

const rules = Array.from({ length: 300 }, (_, i) => {
  const tests = [
    `header :contains "subject" "word ${i}"`,
    `address :is "from" ["one${i}@example.com", "two${i}@example.com"]`,
    `address :domain ["to", "cc"] "domain${i}.example.com"`,
    `header :matches "subject" "*[list-${i}]*"`,
    `header :contains ["list-id", "list-post"] "list${i}.example.com"`,
    `allof (size :over ${i + 20}M, not exists "x-rule-${i}")`,
  ]
  return `if ${tests[i % tests.length]} { fileinto "Folder ${i}"; stop; }`
})

export const manyRules = `require "fileinto";\n${rules.join('\n')}\n`
export const manyRulesAndBody = `require ["fileinto", "body"];\n${rules.join('\n')}\nif body :contains "nowhere in it" { discard; }\n`
