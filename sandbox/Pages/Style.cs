namespace MailPace.Sandbox.Pages;

internal static class Style
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1d2433; --soft: #667085; --line: #e4e7ec; --page: #f7f8fa; --card: #fff; --accent: #2f6fed; --pass: #067647; --passbg: #dcfae6; --fail: #b42318; --failbg: #fee4e2; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #98a2b3; --line: #2b3240; --page: #12161e; --card: #1a202b; --accent: #7aa5ff; --pass: #75e0a7; --passbg: #0b3d24; --fail: #fda29b; --failbg: #4b1a16; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        a { color: var(--accent); text-decoration: none; }
        a:hover { text-decoration: underline; }
        .top { display: flex; justify-content: space-between; align-items: center; padding: 14px max(20px, calc((100% - 940px) / 2)); background: var(--card); border-bottom: 1px solid var(--line); }
        .brand { font-weight: 650; font-size: 17px; color: var(--ink); }
        .brand span { color: var(--accent); font-weight: 450; }
        .note, time, .size, small { color: var(--soft); font-size: 13px; }
        main { max-width: 980px; margin: 0 auto; padding: 24px 20px 60px; }
        h1 { font-size: 22px; line-height: 1.3; margin: 6px 0 16px; overflow-wrap: anywhere; }
        .search { display: flex; gap: 8px; margin-bottom: 16px; flex-wrap: wrap; }
        input, button, .button { font: inherit; padding: 7px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--ink); }
        input { flex: 1; min-width: 140px; }
        button { background: var(--accent); border-color: var(--accent); color: #fff; cursor: pointer; }
        @media (prefers-color-scheme: dark) { button { color: #10151d; } }
        .list { list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
        .list li + li { border-top: 1px solid var(--line); }
        .list a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; padding: 12px 16px; color: inherit; }
        .list a:hover { background: var(--page); text-decoration: none; }
        .subject { font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .to { color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .size { text-align: right; }
        .empty { text-align: center; color: var(--soft); padding: 60px 0; }
        .back, .images { margin: 0 0 10px; font-size: 14px; color: var(--soft); }
        .facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 18px; margin: 0 0 20px; padding: 16px 18px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
        .facts dt { color: var(--soft); }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        .headers { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
        .badge, .file { display: inline-block; padding: 1px 10px; margin: 1px 2px 1px 0; border-radius: 99px; font-size: 13px; background: var(--page); border: 1px solid var(--line); }
        .badge.pass { color: var(--pass); background: var(--passbg); border-color: transparent; }
        .badge.fail { color: var(--fail); background: var(--failbg); border-color: transparent; }
        .tabs { display: flex; gap: 4px; border-bottom: 1px solid var(--line); margin-bottom: 14px; }
        .tabs a { padding: 8px 14px; color: var(--soft); border-bottom: 2px solid transparent; margin-bottom: -1px; }
        .tabs a.current { color: var(--ink); border-color: var(--accent); font-weight: 600; }
        .mail { width: 100%; height: 70vh; min-height: 360px; border: 1px solid var(--line); border-radius: 12px; background: #fff; color-scheme: light; }
        pre { margin: 0; padding: 16px 18px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; font: 13px/1.55 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        """;
}
