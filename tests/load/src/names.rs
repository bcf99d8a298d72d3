//! What people are called.

pub(crate) const FIRST: [&str; 40] = [
    "Ada", "Ben", "Chloe", "David", "Elif", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Kira",
    "Liam", "Mira", "Noah", "Olga", "Pavel", "Quinn", "Rosa", "Samir", "Tessa", "Uma", "Viktor",
    "Wanda", "Xenia", "Yuki", "Zoe", "Amir", "Bea", "Carlos", "Dina", "Emil", "Fatou", "Gita",
    "Hana", "Ivo", "Julia", "Kofi", "Lena", "Mateo", "Nora",
];

pub(crate) const LAST: [&str; 40] = [
    "Abe", "Becker", "Costa", "Diaz", "Evans", "Fischer", "Garcia", "Huang", "Ivanov", "Jensen",
    "Kaya", "Lopez", "Moreau", "Novak", "Okafor", "Park", "Quist", "Rossi", "Sato", "Tran", "Ueda",
    "Vogel", "Weber", "Xu", "Young", "Zeman", "Ahmed", "Braun", "Chen", "Dubois", "Eriksen",
    "Ferrari", "Gupta", "Haas", "Ito", "Jung", "Khan", "Larsen", "Mueller", "Nguyen",
];
