"""The languages that Pygments knows and runbooks seldom show: a word after a fence that is neither here nor in
`languages.py` is probably misspelt.

Loaded for the first such word. Pygments itself takes as long to load as linting a dozen runbooks; a test holds this
against it, and says what is missing.
"""

NAMES = frozenset(
    """
abap abl abnf aconf actionscript actionscript3 ada ada2005 ada95 adl agda aheui ahk alloy ambienttalk ambienttalk/2
amdgpu ampl androidbp ansys antlr antlr-actionscript antlr-as antlr-c# antlr-cpp antlr-csharp antlr-java antlr-objc
antlr-perl antlr-python antlr-rb antlr-ruby apache apacheconf apdl apl applescript arduino arexx arrow art arturo as
as3 asc asm asn1 aspectj aspx-cs aspx-vb asy asymptote at augeas autohotkey autoit awk b3d bare basemake basic batch
bazel bbcbasic bbcode bc bdd be befunge berry bf bib bibtex bitbake blitzbasic blitzmax blueprint bmax bnf boa boo
boogie bp bplus bqn brainfuck bro bsdmake bst bst-pybtex bugs c# c++ c++-objdumb c-objdump ca65 caddy caddyfile cadl
camkes capdl capnp carbon cbmbas cddl ceylon cf3 cfc cfengine3 cfm cfs chai chaiscript chapel charmci cheetah chpl
cirru cl clay clean clipper cljs clojurescript cmake cobol cobolfree codeql coffee coffee-script coffeescript comal
comal80 common-lisp componentpascal control coq cp cplint cpp-objdump cpsa cr crmsh croc cry cryptol crystal cs csh
csharp csound csound-csd csound-document csound-orc csound-sco csound-score css+django css+erb css+genshi
css+genshitext css+jinja css+lasso css+mako css+mozpreproc css+myghty css+php css+ruby css+smarty css+ul4 cu
cucumber cuda cxx-objdump cypher cython d d-objdump dart dasm16 dax debcontrol debian.sources debsources delphi
desktop devicetree dg django dmesg do docker dosbatch doscon dosini dpatch dtd dts duby duel dylan dylan-console
dylan-lid dylan-repl earl-grey earlgrey easytrieve ebnf ec ecl eg eiffel elisp elm elpi emacs emacs-lisp email eml
erb erl erlang evoque ex execline exs extempore ezhil f# f90 factor fan fancy fc felix fennel fif fift fishshell
flatline flo floscript flx fnl forth fortran fortranfixed foxpro freefem fsharp fstar func futhark fy gap
gap-console gap-repl gas gawk gcode gd gdscript genshi genshitext gherkin gleam glsl gnuplot golang golo gooddata-cl
googlesql gosu groff gsed gsql gst haml handlebars hare haxe haxeml hexdump hlsl hs hsa hsail hspec html+cheetah
html+django html+erb html+evoque html+genshi html+handlebars html+jinja html+kid html+lasso html+mako html+myghty
html+ng2 html+php html+ruby html+smarty html+spitfire html+twig html+ul4 html+velocity htmlcheetah htmldjango hx
hxml hxsl hy hybris hylang i6 i6t i7 icon idl idl4 idr idris iex igor igorpro ik inform6 inform7 io ioke irb irc
isabelle j jade jags janet jasmin jasminxt javascript+cheetah javascript+django javascript+erb javascript+genshi
javascript+genshitext javascript+jinja javascript+lasso javascript+mako javascript+mozpreproc javascript+myghty
javascript+php javascript+ruby javascript+smarty javascript+spitfire jbst jcl jl jlcon jmespath jp jproperties
js+cheetah js+django js+erb js+genshi js+genshitext js+jinja js+lasso js+mako js+myghty js+php js+ruby js+smarty
js+spitfire js+ul4 jsgf jslt json-ld json-object json5 jsonld jsonml+bst jsp julia julia-repl juttle k kal kconfig
kernel-config kid kmsg koka kuin lagda lasso lassoscript latex lcry lcryptol ldapconf ldaprc ldif lean lean3 lean4
less lhaskell lhs lid lidr lidris lighttpd lighty lilypond limbo linux-config linuxconfig liquid lisp literate-agda
literate-cryptol literate-haskell literate-idris live-script livescript llvm llvm-mir llvm-mir-body lobas logos
logtalk lsl luau m2 macaulay2 macsyma make mako man maple maql mask mason mathematica matlab matlabsession mawk
maxima mcf mcfunction mcschema mediawiki menuconfig meson meson.build mf mime minid miniscript mips mma modelica
modula2 moin mojo monkey monte moo moocode moon moonscript mosel mozhashpreproc mozpercentpreproc mq4 mq5 mql mql4
mql5 ms msc mscgen mupad mxml myghty mysql nasm nawk nb ncl nemerle nesc nestedtext newlisp newspeak ng2 nim nimrod
nit nixos nodejsrepl notmuch nroff nsh nsi nsis nt numba_ir numbair numpy nusmv obj-c obj-c++ obj-j objc objc++
objdump objdump-nasm objective-c objective-c++ objective-j objectivec objectivec++ objectivej objectpascal objj
ocaml octave odin omg-idl oobas ooc opa openbugs openedge openrc openscad org org-mode orgmode pacmanconf pan
parasail pas pascal pawn pcmk pddl peg pem perl6 phix php3 php4 php5 pig pike pkgconfig pl pl6 plpgsql po pointless
pony portugol posh postgres postgres-console postgres-explain postgresql postgresql-console postscr postscript pot
pov praat procfile progress prolog promela prql ps1con psm1 psql psysh ptx pug puppet purescript purs pwsh-session
py+ul4 py2 py2tb py3 py3tb pycon pyi pypy pypylog pyrex pytb python-console python2 python3 pyx q qbasic qbs ql qlik
qlikscript qliksense qlikview qml qvt qvto racket ragel ragel-c ragel-cpp ragel-d ragel-em ragel-java ragel-objc
ragel-rb ragel-ruby raku rbcon rconsole rd react reason reasonml rebol red red/system redcode registry rell resource
resourcebundle rest restructuredtext rexx rhtml ride rita rkt rnc rng-compact roboconf-graph roboconf-instances
robotframework rocq rocq-prover rout rql rsl rst rts s sage salt sarl sas sass savi sbatch sc scaml scd scdoc scheme
scilab scm scss sed sgf shen shex shexc sieve silver singularity slash slim sls slurm smali smalltalk smarty smithy
sml snbt snobol snowball sobas solidity soong sophia sources.list sourceslist sp sparql spec spice spicelang
spitfire splus sql+jinja sqlite3 squeak squid squid.conf squidconf srcinfo ssed ssp st stan starlark stata
supercollider sv swig systemd systemverilog t-sql tablegen tact tads3 tal tap tasm tcl tcsh tcshcon td tea teal
teraterm teratermmacro termcap terminfo tex thingsdb thrift ti tid tlb tls tnt todotxt trac-wiki trafficscript
treetop tsql ttl turtle twig typoscript typoscriptcssdata typoscripthtmldata typst ucode udiff ul4 unicon unixconfig
urbiscript urlencoded usd usda uxntal v vala vapi vb.net vbnet vbscript vcl vclsnippet vclsnippets vctreestatus
velocity verifpal verilog vfp vgl vhdl vim visual-basic visualbasic visualprolog visualprologgrammar vue vyper wast
wat wdiff webidl wgsl whiley wikitext winbatch winbugs wl wolfram wowtoc wren x++ x10 xbase xml+cheetah xml+django
xml+erb xml+evoque xml+genshi xml+jinja xml+kid xml+lasso xml+mako xml+myghty xml+php xml+ruby xml+smarty
xml+spitfire xml+ul4 xml+velocity xorg.conf xpp xq xql xqm xquery xqy xslt xten xtend xul+mozpreproc yaml+jinja yang
yar yara zeek zephir zetasql zig zone 🔥
""".split()
)
